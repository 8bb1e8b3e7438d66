import type { Collection, Embedder, SparseEncoder, StoredPoint, Write } from "@binnacle/core";
import type { PointStore } from "../points/point-store.ts";

const nothing = { failures: new Map<never, never>() };

/** Creates points that remember what would have been written, without texts, and write nothing. */
export function dryPoints(base: Collection | undefined, sourceId: string): PointStore {
  const overlay = new Map<string, StoredPoint | undefined>();
  const apply = (write: Write): void => {
    if (write.type === "delete") overlay.set(write.id, undefined);
    if (write.type !== "upsert") return;
    const { id, chunk, metadata, dense, sparse } = write;
    overlay.set(id, { id, version: 1, chunk: { ...chunk, text: "", context: "" }, metadata, dense, sparse });
  };
  return {
    write: (batch) => {
      batch.forEach(apply);
      return Promise.resolve(nothing);
    },
    get: async (ids, options) => {
      const stored = (await base?.get(ids, options)) ?? [];
      return ids.map((id, position) => (overlay.has(id) ? overlay.get(id) : stored[position]));
    },
    // Only the comparison at the start scans. Until then at most strays are deleted.
    scan: async function* (options) {
      for await (const point of base?.scan(options) ?? emptyStream()) if (!overlay.has(point.id)) yield point;
    },
    epoch: async (options) => base?.epoch({ ...options, sourceId }),
  };
}

/** Replaces an embedder whose inputs are only counted. Its vectors are never written. */
export function dryEmbedder(embedder: Embedder): Embedder {
  return {
    describe: (options) => embedder.describe(options),
    embed: async (inputs, options) => {
      const { space } = await embedder.describe(options);
      const placeholder = new Float32Array(space.dimensions).fill(1);
      return { spaceId: space.id, outcomes: inputs.map(() => placeholder) };
    },
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Replaces an encoder, as {@link dryEmbedder} replaces an embedder. */
export function dryEncoder({ id }: SparseEncoder): SparseEncoder {
  const placeholder = { indices: new Uint32Array(), values: new Float32Array() };
  return { id, encode: (texts) => Promise.resolve(texts.map(() => placeholder)) };
}

async function* emptyStream(): AsyncGenerator<never, void, void> {}
