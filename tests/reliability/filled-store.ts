import type { Collection, CollectionSpec, SearchQuery, Upsert, VectorStore } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";

/** Dimensions of MiniLM's vectors. */
export const dimensions = 384;
const batchSize = 256;
const vocabulary = 20_000;
const termsPerPoint = 40;

/** The collection that {@link fill} fills. */
export const filledSpec: CollectionSpec = {
  name: "filled",
  dense: { spaceId: "space", dimensions },
  sparse: { encoderId: "encoder" },
  fields: { year: "integer" },
};

/** Returns a pseudo-random generator of numbers from 0 to below 1 (mulberry32, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Yields batches of points with chunks of about 1,200 characters. */
export function* filledBatches(points: number, random: () => number): Generator<readonly Upsert[]> {
  for (let start = 0; start < points; start += batchSize) {
    const size = Math.min(batchSize, points - start);
    yield Array.from({ length: size }, (_, i) => randomPoint(start + i, random));
  }
}

/** Writes all batches, and lets the event loop run between them. */
export async function fill(store: VectorStore, batches: Iterable<readonly Upsert[]>): Promise<Collection> {
  await store.ensureCollection(filledSpec);
  const collection = store.collection(filledSpec.name);
  for (const batch of batches) {
    const { failures } = await collection.write(batch);
    for (const failure of failures.values()) throw failure;
  }
  return collection;
}

/** Creates a random query by vector, by words, or by both. */
export function randomQuery(kind: "dense" | "sparse" | "hybrid", random: () => number): SearchQuery {
  const dense = { dense: randomVector(random) };
  const sparse = { sparse: randomTerms(8, random) };
  const legs = { dense: [dense], sparse: [sparse], hybrid: [dense, sparse] } as const;
  return { legs: legs[kind], limit: 10 };
}

function randomPoint(number: number, random: () => number): Upsert {
  const text = `Passage ${number}. `.padEnd(
    1200,
    "All hands keep the watch from eight bells to eight bells. ",
  );
  return {
    type: "upsert",
    id: pointId({ sourceId: "random", documentId: `document-${number}`, slot: 0 }),
    chunk: {
      sourceId: "random",
      documentId: `document-${number}`,
      slot: 0,
      index: 0,
      start: 0,
      end: text.length,
      text,
      context: "",
      tokens: 280,
      path: ["Watches"],
      contentHash: String(number),
      spaceId: "space",
      encoderId: "encoder",
      documentVersion: "1",
      mediaType: "text/plain",
    },
    metadata: { year: 1990 + (number % 30), title: `Document ${number}` },
    dense: randomVector(random),
    sparse: randomTerms(termsPerPoint, random),
  };
}

function randomVector(random: () => number): Float32Array {
  return Float32Array.from({ length: dimensions }, () => random() - 0.5);
}

/** Creates terms with roughly Zipf's law: few terms are in most chunks, most terms are in few. */
function randomTerms(count: number, random: () => number): { indices: Uint32Array; values: Float32Array } {
  const terms = new Set(Array.from({ length: count }, () => Math.floor(vocabulary ** random())));
  const indices = Uint32Array.from(terms).sort();
  return { indices, values: Float32Array.from(indices, () => 0.5 + random()) };
}
