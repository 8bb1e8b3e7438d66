import { unknownScope } from "../sync/listing.ts";
import type { IndexRequest } from "./index-request.ts";

/** A document that is to be removed. */
export interface Removal {
  readonly documentId: string;
  /** Where it is gone from; undefined: wherever it belongs. */
  readonly scopes: readonly string[] | undefined;
  /** Tells it from an {@link IndexRequest}. */
  readonly load?: undefined;
}

/** What is still to be done with a document after its removal from a scope, or from wherever it belongs; undefined where
 * it has moved elsewhere before. */
export function removalAfter(
  pending: IndexRequest | Removal | undefined,
  documentId: string,
  scope: string | undefined,
): Removal | undefined {
  if (scope === undefined) return { documentId, scopes: undefined };
  if (pending === undefined) return { documentId, scopes: [scope] };
  if (pending.load === undefined) return { documentId, scopes: pending.scopes && [...pending.scopes, scope] };
  // What is pending would have brought it there from wherever it belonged.
  return pending.scope === scope ? { documentId, scopes: undefined } : undefined;
}

/** Whether a document of the scope is to be removed. Of an unknown one nobody knows that it belongs elsewhere; if it does,
 * the listing there brings it back. */
export function concerns({ scopes }: Removal, scope: string): boolean {
  return scopes === undefined || scope === unknownScope || scopes.includes(scope);
}
