import { ConfigurationError } from "@binnacle/core";
import { inputIssue } from "../embedders/input-issue.ts";

/** Throws a `ConfigurationError` unless the value is a query: a string, or an object with `content`, a list of parts. */
export function checkQuery(query: unknown): void {
  const issue = inputIssue(query, "query");
  if (issue !== undefined) throw new ConfigurationError(`retrieve: ${issue}`);
}
