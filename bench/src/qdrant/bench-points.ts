import type { CollectionSpec, Upsert } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { randomNumbers } from "../../../tests/reliability/filled-store.ts";

/** Numbers of a vector, as `text-embedding-3-small` makes them. */
export const dimensions = 1536;

/** A point as every side takes it. */
export interface BenchPoint {
  readonly id: string;
  readonly text: string;
  readonly metadata: { readonly year: number; readonly title: string };
  /** Unit length. */
  readonly vector: Float32Array;
  /** The same numbers, for the sides that take plain arrays. */
  readonly numbers: readonly number[];
}

/** Our collection of such points. */
export function benchSpec(name: string): CollectionSpec {
  return { name, dense: { spaceId: "space", dimensions } };
}

/** Points from number `first` on. The same seed makes the same points. */
export function benchPoints(first: number, count: number, seed: number): readonly BenchPoint[] {
  return Array.from({ length: count }, (_, i) => {
    const number = first + i;
    const vector = unitVector(seed * 1_000_003 + number);
    return {
      id: pointId({ sourceId: "bench", documentId: `document-${number}`, slot: 0 }),
      text: `Passage ${number}. `.padEnd(1_200, "All hands keep the watch from eight bells to eight bells. "),
      metadata: { year: 1990 + (number % 30), title: `Document ${number}` },
      vector,
      numbers: Array.from(vector),
    };
  });
}

/** A write of our store. */
export function upsertOf({ id, text, metadata, vector }: BenchPoint): Upsert {
  return {
    type: "upsert",
    id,
    chunk: {
      sourceId: "bench",
      documentId: metadata.title,
      slot: 0,
      index: 0,
      start: 0,
      end: text.length,
      text,
      context: "",
      tokens: 280,
      path: [],
      contentHash: id,
      spaceId: "space",
      documentVersion: "1",
      mediaType: "text/plain",
    },
    metadata,
    dense: vector,
  };
}

function unitVector(seed: number): Float32Array {
  const random = randomNumbers(seed);
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
