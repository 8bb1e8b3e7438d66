import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";

/** Throws a `ConfigurationError` if the collection has no terms, or if these cannot be numbers of terms. */
export function checkTerms(indices: unknown, { name, sparse }: ResolvedSpec): void {
  if (!sparse)
    throw new ConfigurationError(
      `termStatistics: collection "${name}" has no sparse vectors, so it has no terms`,
    );
  if (indices instanceof Uint32Array) return;
  throw new ConfigurationError("termStatistics: expected the terms' numbers as a Uint32Array");
}
