import { resolve } from "node:path";
import { ConfigurationError } from "@binnacle/core";
import type { RecordedSource } from "../data-directory.ts";
import type { RagSystem } from "../rag-system.ts";
import { isAddress, sourcePlace } from "../source-place.ts";

/**
 * Returns the record of the folder, file or page that the user names. The folder need not exist any more.
 * Throws an error that lists the indexed places if there is no such record.
 */
export async function requireRecorded(
  recorded: readonly RecordedSource[],
  given: string,
  { data, collection }: Pick<RagSystem, "data" | "collection">,
): Promise<RecordedSource> {
  const path = isAddress(given) ? given : resolve(given);
  const place = await sourcePlace(given).catch(() => ({ id: path }));
  const source = recorded.find(({ id }) => id === place.id || id === path);
  if (source !== undefined) return source;
  const known = recorded.map((other) => other.path).join(", ") || "none";
  throw new ConfigurationError(
    `${path} is not indexed in collection "${collection}" of ${data.path}; indexed there: ${known}`,
  );
}
