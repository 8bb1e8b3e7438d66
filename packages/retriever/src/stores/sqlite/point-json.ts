import { BinnacleError, type Metadata, type StoredChunk } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import { isStoredChunk } from "@binnacle/core/stores";

/** Reads a chunk from JSON. Throws `file_corrupt` if the JSON holds something else. */
export function readChunk(json: string): StoredChunk {
  const chunk = parse(json);
  if (isStoredChunk(chunk)) return chunk;
  throw corrupt("chunk", json);
}

/** Reads metadata from JSON. Throws `file_corrupt` if the JSON holds something else. */
export function readMetadata(json: string): Metadata {
  const metadata = parse(json);
  if (isMetadata(metadata)) return metadata;
  throw corrupt("metadata", json);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // invalid JSON is as corrupt as other JSON
  }
}

/** `JSON.parse` returns only JSON, so checking the outermost value is enough. */
function isMetadata(value: unknown): value is Metadata {
  return isPlainObject(value);
}

function corrupt(what: string, json: string): BinnacleError {
  return new BinnacleError(
    "file_corrupt",
    `a point's ${what} cannot be read from the file (it begins with ${JSON.stringify(json.slice(0, 40))}); index its source again, or restore a copy of the file`,
  );
}
