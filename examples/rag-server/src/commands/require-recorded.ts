import { ConfigurationError } from "@binnacle/core";
import type { RecordedSource } from "../data-directory.ts";
import type { RagSystem } from "../rag-system.ts";

/**
 * Returns the record of the folder at that path. Throws an error that lists the indexed folders if it is not
 * one.
 */
export function requireRecorded(
  recorded: readonly RecordedSource[],
  path: string,
  { data, collection }: Pick<RagSystem, "data" | "collection">,
): RecordedSource {
  const source = recorded.find(({ id }) => id === path);
  if (source !== undefined) return source;
  const known = recorded.map((other) => other.path).join(", ") || "none";
  throw new ConfigurationError(
    `${path} is not indexed in collection "${collection}" of ${data.path}; indexed folders: ${known}`,
  );
}
