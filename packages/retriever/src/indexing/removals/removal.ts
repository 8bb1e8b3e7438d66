import type { IndexRequest, Removal } from "../run/index-request.ts";
import { unknownScope } from "../run/listing.ts";

/** A removal as it arrived. */
export type SaidRemoval = Pick<Removal, "documentId" | "order" | "saidAt">;

/**
 * Returns the removal that is left to do after a document was removed from a scope, or from any scope.
 * Returns undefined if the document had moved to another scope before.
 */
export function removalAfter(
  pending: IndexRequest | Removal | undefined,
  said: SaidRemoval,
  scope: string | undefined,
): Removal | undefined {
  if (scope === undefined) return { ...said, scopes: undefined };
  if (pending === undefined) return { ...said, scopes: [scope] };
  if (pending.load === undefined) return { ...said, scopes: pending.scopes && [...pending.scopes, scope] };
  // The pending change would have moved the document into this scope, wherever it belonged before.
  return pending.scope === scope ? { ...said, scopes: undefined } : undefined;
}

/**
 * Returns true if a document of the scope must be removed. That includes a document of unknown scope. If it
 * belongs to another scope, the listing of that scope restores it.
 */
export function concerns({ scopes }: Removal, scope: string): boolean {
  return scopes === undefined || scope === unknownScope || scopes.includes(scope);
}
