import type { Upsert } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";

/** Makes a generator of numbers between −1 and 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Makes random vectors of length 1. */
export function unitVectors(count: number, dimensions: number, seed: number): readonly Float32Array[] {
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: dimensions }, next);
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / norm);
  });
}

/** Makes points with a vector each, and with 40 terms each if asked. */
export function pointsOf(vectors: readonly Float32Array[], terms: number): readonly Upsert[] {
  const next = randomNumbers(9);
  return vectors.map((dense, i): Upsert => {
    const indices = [...new Set(Array.from({ length: terms }, () => Math.floor((next() + 1) * 5_000)))];
    const sparse = {
      indices: Uint32Array.from(indices).sort(),
      values: new Float32Array(indices.length).fill(1.5),
    };
    const text = `Passage ${i} of a document about harbours, ropes and tides.`;
    return {
      type: "upsert",
      id: pointId({ sourceId: "bench", documentId: String(i), slot: 0 }),
      chunk: {
        sourceId: "bench",
        documentId: String(i),
        slot: 0,
        index: 0,
        start: 0,
        end: text.length,
        text,
        context: "",
        tokens: 12,
        path: [],
        contentHash: String(i),
        spaceId: "bench",
        ...(terms > 0 && { encoderId: "bench" }),
        documentVersion: "1",
        mediaType: "text/plain",
      },
      metadata: { page: i },
      dense,
      ...(terms > 0 && { sparse }),
    };
  });
}
