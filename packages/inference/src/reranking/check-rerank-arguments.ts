import { ConfigurationError } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

/** Throws a `ConfigurationError` if the query is no text or the documents are no array. */
export function checkRerankArguments(label: string, query: unknown, documents: unknown): void {
  if (typeof query !== "string" || query.trim() === "")
    throw new ConfigurationError(`${label}: query: expected a text, got ${describeValue(query)}`);
  if (!Array.isArray(documents))
    throw new ConfigurationError(
      `${label}: documents: expected an array of texts, got ${describeValue(documents)}`,
    );
}
