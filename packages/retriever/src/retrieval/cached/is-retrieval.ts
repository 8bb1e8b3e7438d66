import type { Metadata, Retrieval } from "@binnacle/core";

/** Checks the fields of a cached value that a reader of a retrieval depends on. */
export function isRetrieval<M extends Metadata>(value: unknown): value is Retrieval<M> {
  return (
    isObject(value) &&
    typeof value["query"] === "string" &&
    isObject(value["trace"]) &&
    Array.isArray(value["passages"]) &&
    value["passages"].every(isPassage)
  );
}

function isPassage(value: unknown): boolean {
  return isObject(value) && typeof value["documentId"] === "string" && typeof value["text"] === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
