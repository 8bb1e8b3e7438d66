import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";

/** Throws a `ConfigurationError` if the collection has no sparse vectors, or if `indices` is not a
 * `Uint32Array`. */
export function checkTerms(indices: unknown, { name, sparse }: ResolvedSpec): void {
  if (!sparse)
    throw new ConfigurationError(
      `termStatistics: collection "${name}" has no sparse vectors. Create it with \`sparse\`.`,
    );
  if (indices instanceof Uint32Array) return;
  throw new ConfigurationError("termStatistics: `indices` must be a Uint32Array.");
}
