import type { IndexRequest, Removal } from "../run/index-request.ts";
import { unknownScope } from "../run/listing.ts";

/** A removal as it was just said. */
export type SaidRemoval = Pick<Removal, "documentId" | "order" | "saidAt">;

/** What is still to be done with a document after its removal from a scope, or from wherever it belongs; undefined if it has
 * moved elsewhere before. */
export function removalAfter(
  pending: IndexRequest | Removal | undefined,
  said: SaidRemoval,
  scope: string | undefined,
): Removal | undefined {
  if (scope === undefined) return { ...said, scopes: undefined };
  if (pending === undefined) return { ...said, scopes: [scope] };
  if (pending.load === undefined) return { ...said, scopes: pending.scopes && [...pending.scopes, scope] };
  // What is pending would have brought it there from wherever it belonged.
  return pending.scope === scope ? { ...said, scopes: undefined } : undefined;
}

/** True if a document of the scope is to be removed. Of an unknown one nobody knows that it belongs elsewhere; if it does,
 * the listing there brings it back. */
export function concerns({ scopes }: Removal, scope: string): boolean {
  return scopes === undefined || scope === unknownScope || scopes.includes(scope);
}
