import { ConfigurationError } from "@binnacle/core";
import { inputIssue } from "@binnacle/core/kit";

/**
 * Throws a `ConfigurationError` unless the query is a string or an object with a list of parts in `content`.
 */
export function checkQuery(query: unknown): void {
  const issue = inputIssue(query, "query");
  if (issue !== undefined) throw new ConfigurationError(`retrieve: ${issue}`);
}
