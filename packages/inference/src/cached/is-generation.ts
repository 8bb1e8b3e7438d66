import type { Generation } from "@binnacle/core";

/** Checks the fields of a cached value that readers of a generation use. */
export function isGeneration(value: unknown): value is Generation {
  if (typeof value !== "object" || value === null) return false;
  const fields: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
  const isText = (name: string): boolean => typeof fields.get(name) === "string";
  const isListOrMissing = (name: string): boolean =>
    fields.get(name) === undefined || Array.isArray(fields.get(name));
  return ["text", "model", "finishReason"].every(isText) && ["toolCalls", "logprobs"].every(isListOrMissing);
}
