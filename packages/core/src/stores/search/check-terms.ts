import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";

/** Throws a `ConfigurationError` if the collection has no sparse vectors. */
export function checkTerms({ name, sparse }: ResolvedSpec): void {
  if (sparse) return;
  throw new ConfigurationError(
    `termStatistics: collection "${name}" has no sparse vectors. Create it with \`sparse\`.`,
  );
}
