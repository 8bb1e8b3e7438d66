import { BinnacleError, type Metadata, type StoredChunk } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import { isStoredChunk } from "@binnacle/core/stores";

/** The chunk that a row holds as JSON. Throws `file_corrupt` if it is none. */
export function readChunk(json: string): StoredChunk {
  const chunk = parse(json);
  if (isStoredChunk(chunk)) return chunk;
  throw corrupt("chunk", json);
}

/** The metadata that a row holds as JSON. Throws `file_corrupt` if it is none. */
export function readMetadata(json: string): Metadata {
  const metadata = parse(json);
  if (isMetadata(metadata)) return metadata;
  throw corrupt("metadata", json);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // no JSON at all is as corrupt as JSON of something else
  }
}

/** What `JSON.parse` returns holds JSON all the way down. */
function isMetadata(value: unknown): value is Metadata {
  return isPlainObject(value);
}

function corrupt(what: string, json: string): BinnacleError {
  return new BinnacleError(
    "file_corrupt",
    `a point's ${what} cannot be read from the file (it begins with ${JSON.stringify(json.slice(0, 40))}); index its source again, or restore a copy of the file`,
  );
}
