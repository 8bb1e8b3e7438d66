import type { DocumentSource } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import { listed, LiveSource, upsert } from "./fixtures/live-source.ts";
import { observedStore } from "./fixtures/observed-store.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

function sourceOf(id: string, text: string): DocumentSource {
  const source = LiveSource.of(...listed([upsert("a", text)]));
  return { id, changes: (options) => source.changes(options) };
}

test("does not compare the collection with its record because another source wrote to it", async () => {
  const store = new MemoryStore();
  const phases: string[] = [];
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder: new FakeEmbedder() });
  const indexer = createIndexer({ store, index, onProgress: ({ phase }) => phases.push(phase) });
  for (const id of ["east", "west"]) await indexer.sync(sourceOf(id, `${id} 1`));
  phases.length = 0;
  for (const round of [2, 3])
    for (const id of ["east", "west"]) await indexer.sync(sourceOf(id, `${id} ${round}`));
  expect(new Set(phases)).toEqual(new Set(["indexing"]));
});

test("applies no write after another session may have the lease on the source", async () => {
  const memory = new MemoryStore();
  const deadlines: (number | undefined)[] = [];
  const seen = observedStore(memory, { onWrite: ({ deadlineAt }) => void deadlines.push(deadlineAt) });
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder: new FakeEmbedder() });
  const indexer = createIndexer({ store: seen, manifest: memory.manifest, index, leaseMs: 5000 });
  const startedAt = Date.now();
  await indexer.sync(sourceOf("east", "one"));
  expect(deadlines.length).toBeGreaterThan(1);
  for (const deadlineAt of deadlines) {
    expect(deadlineAt).toBeGreaterThanOrEqual(startedAt + 5000);
    expect(deadlineAt).toBeLessThanOrEqual(Date.now() + 5000);
  }
  const soon = Date.now() + 2000;
  deadlines.length = 0;
  await indexer.sync(sourceOf("east", "two"), { deadlineAt: soon });
  expect(new Set(deadlines)).toEqual(new Set([soon]));
});
