import { ConfigurationError } from "@binnacle/core";
import type { RecordedSource } from "../data-directory.ts";
import type { RagSystem } from "../rag-system.ts";

/** The folder at that path; refuses one that was never indexed, and says which ones were. */
export function requireRecorded(
  recorded: readonly RecordedSource[],
  path: string,
  { data, collection }: Pick<RagSystem, "data" | "collection">,
): RecordedSource {
  const source = recorded.find(({ id }) => id === path);
  if (source !== undefined) return source;
  const known = recorded.map((other) => other.path).join(", ") || "none";
  throw new ConfigurationError(
    `${path} was not indexed into collection "${collection}" of ${data.path}; folders that were: ${known}`,
  );
}
