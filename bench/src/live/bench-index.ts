import type { Chunker, Embedder, SourceChange, UpsertChange, VectorStore } from "@binnacle/core";
import { defineIndex, MemoryStore, type Index } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The measured stores. */
export type StoreKind = "memory" | "sqlite";

/** Runs `body` on a fresh store. */
export async function withStore<T>(kind: StoreKind, body: (store: VectorStore) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "binnacle-bench-"));
  const store =
    kind === "memory" ? new MemoryStore() : new SqliteStore({ path: join(folder, "live.sqlite") });
  try {
    return await body(store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

// One chunk per document, because the cutting is not measured.
const wholeDocument: Chunker = {
  id: "whole",
  chunk: ({ text, metadata }) => [
    { index: 0, start: 0, end: text.length, text, context: "", tokens: 4, path: [], metadata },
  ],
};

/** Creates an index with the given embedder. */
export function indexWith(embedder: Embedder): Index {
  return defineIndex({ name: "live", chunker: wholeDocument, embedder });
}

/** Settings of a {@link preparedEmbedder}. */
export interface PreparedEmbedderOptions {
  readonly maxItems: number;
  readonly concurrency: number;
  /** Milliseconds of one call with `maxItems` texts. */
  readonly callMs: number;
}

/** Creates an embedder that returns prepared vectors. It takes time, but hardly any processor time. */
export function preparedEmbedder({ maxItems, concurrency, callMs }: PreparedEmbedderOptions): Embedder {
  const dimensions = 64;
  const vectors = Array.from({ length: 1024 }, (_, i) =>
    Float32Array.from({ length: dimensions }, (__, j) => Math.sin(i * dimensions + j + 1)),
  );
  const space = { id: "prepared", dimensions };
  const close = (): Promise<void> => Promise.resolve();
  return {
    describe: () => Promise.resolve({ space, accepts: ["text"], maxItems, concurrency }),
    embed: async (inputs) => {
      if (callMs > 0) await sleep(callMs * Math.ceil(inputs.length / (maxItems * concurrency)));
      return { spaceId: space.id, outcomes: inputs.map((_, i) => vectors[i % vectors.length] ?? missing()) };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function missing(): never {
  throw new RangeError("there are no vectors");
}

/** Creates the change of a document whose version is its text. */
export function upsert(documentId: string, text: string, scope = "live"): UpsertChange {
  const document = { id: documentId, text, metadata: {} };
  return { type: "upsert", documentId, scope, version: text, load: () => Promise.resolve(document) };
}

/** Yields a complete listing of a scope. */
export function* listed(changes: Iterable<SourceChange>, scope = "live"): Generator<SourceChange> {
  yield { type: "listing", scope, state: "started" };
  yield* changes;
  yield { type: "listing", scope, state: "complete" };
}
