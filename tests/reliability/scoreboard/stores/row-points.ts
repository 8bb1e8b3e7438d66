import type { Collection, CollectionSpec, Metadata, StoredChunk, Upsert, Write } from "@binnacle/core";

const dimensions = 4;
/** The chunk of every point of these rows. */
export const chunk: StoredChunk = {
  sourceId: "source",
  documentId: "document",
  slot: 0,
  index: 0,
  start: 0,
  end: 1,
  text: "x",
  context: "",
  tokens: 1,
  path: [],
  contentHash: "hash",
  spaceId: "space",
  encoderId: "encoder",
  documentVersion: "1",
  mediaType: "text/plain",
};

/** A collection for these rows. */
export const spec: CollectionSpec = {
  name: "row",
  dense: { spaceId: "space", dimensions, metric: "dot" },
  sparse: { encoderId: "encoder" },
  fields: { kind: "keyword", year: "integer", title: "text" },
};

/** The id of point `number`. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A valid point, with some parts exchanged. */
export function pointOf(number: number, parts: Partial<Upsert> = {}): Upsert {
  return {
    type: "upsert",
    id: idOf(number),
    chunk,
    metadata: {},
    dense: Float32Array.of(1, 2, 3, 4),
    sparse: { indices: Uint32Array.of(1, 2), values: Float32Array.of(1, 1) },
    ...parts,
  };
}

/** A value of any type, as plain JavaScript may pass it. */
export function untyped<T>(value: unknown): T;
export function untyped(value: unknown): unknown {
  return value;
}

/** Writes one write, and throws its failure. */
export async function writeOne(collection: Collection, write: Write): Promise<void> {
  const { failures } = await collection.write([write]);
  for (const failure of failures.values()) throw failure;
}

/** Stores metadata in point 1, and returns it as it is read. */
export async function roundTrip(collection: Collection, metadata: Metadata): Promise<Metadata | undefined> {
  await writeOne(collection, pointOf(1, { metadata }));
  const [point] = await collection.get([idOf(1)]);
  return point?.metadata;
}
