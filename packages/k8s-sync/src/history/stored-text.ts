import { BinnacleError, type CallOptions, type Collection, type StoredPoint } from "@binnacle/core";

/** A document as its chunks in a collection hold it. */
export interface StoredText {
  readonly text: string;
  readonly metadata: StoredPoint["metadata"];
}

/** Reads the text of a document from its chunks. Undefined if the collection has no such document. */
export async function readStoredText(
  collection: Collection,
  documentId: string,
  options: CallOptions,
): Promise<StoredText | undefined> {
  const points = await scanned(collection, { ...options, documentId });
  const [first] = points;
  if (first === undefined) return undefined;
  let text = "";
  for (const { chunk } of points.toSorted((a, b) => a.chunk.start - b.chunk.start)) {
    if (chunk.start > text.length) text += "\n".repeat(chunk.start - text.length); // only blanks are left out
    text += chunk.text.slice(text.length - chunk.start);
  }
  return { text, metadata: first.metadata };
}

/** Returns true if a scan finds a point. */
export async function hasPoints(
  collection: Collection,
  options: NonNullable<Parameters<Collection["scan"]>[0]>,
): Promise<boolean> {
  try {
    for await (const _point of collection.scan({ ...options, pageSize: 1 })) return true;
    return false;
  } catch (error) {
    if (BinnacleError.isInstance(error) && error.code === "not_found") return false;
    throw error;
  }
}

/** Returns the points of a scan. A collection that does not exist yet has none. */
export async function scanned(
  collection: Collection,
  options: NonNullable<Parameters<Collection["scan"]>[0]>,
): Promise<readonly StoredPoint[]> {
  const points: StoredPoint[] = [];
  try {
    for await (const point of collection.scan(options)) points.push(point);
  } catch (error) {
    if (BinnacleError.isInstance(error) && error.code === "not_found") return [];
    throw error;
  }
  return points;
}
