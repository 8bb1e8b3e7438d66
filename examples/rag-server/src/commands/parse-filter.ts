import { ConfigurationError, type UnparsedFilter } from "@binnacle/core";

/** Parses a filter's JSON. The store checks its content against the declared fields. */
export function parseFilter(json: string): UnparsedFilter {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ConfigurationError(`--filter is not JSON: ${json}`, { cause: error });
  }
  if (isRecord(value)) return value;
  throw new ConfigurationError(`--filter must be a JSON object such as {"language":"en"}, not ${json}`);
}

function isRecord(value: unknown): value is UnparsedFilter {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
