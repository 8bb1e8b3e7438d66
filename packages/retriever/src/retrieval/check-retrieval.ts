import { ConfigurationError } from "@binnacle/core";
import { describeValue, isPlainObject } from "@binnacle/core/kit";

/** Throws a `ConfigurationError` unless the value looks like the result of a retriever. */
export function checkRetrieval(label: string, value: unknown): void {
  if (isPlainObject(value) && Array.isArray(value["passages"]) && isPlainObject(value["trace"])) return;
  throw new ConfigurationError(
    `${label}: retrieval: expected the result of retrieve(), got ${describeValue(value)}`,
  );
}
