import type { StoreCapabilities, VectorStore } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer, type Indexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import { checkpoint, listed, LiveSource, upsert } from "./fixtures/live-source.ts";
import { observedStore, type StoreObserver } from "./fixtures/observed-store.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

interface WeakSetting {
  readonly indexer: Indexer;
  readonly phases: string[];
  readonly fences: unknown[];
}

function weakSetUp(weaker: Partial<StoreCapabilities>, observer: StoreObserver = {}): WeakSetting {
  const memory = new MemoryStore();
  const [phases, fences]: [string[], unknown[]] = [[], []];
  const seen = observedStore(memory, { ...observer, onWrite: ({ fence }) => void fences.push(fence) });
  const store: VectorStore = {
    ...seen,
    capabilities: async () => ({ ...(await memory.capabilities()), ...weaker }),
  };
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder: new FakeEmbedder() });
  const onProgress = ({ phase }: { readonly phase: string }): void => void phases.push(phase);
  return { indexer: createIndexer({ store, manifest: memory.manifest, index, onProgress }), phases, fences };
}

const said = [...listed([upsert("a", "one")]), checkpoint("1")];

test("sends no fence to a store that takes none", async () => {
  const { indexer, fences, phases } = weakSetUp({ fences: "none" });
  await indexer.sync(LiveSource.of(...said));
  phases.length = 0;
  await indexer.sync(LiveSource.of(...said));
  expect([new Set(fences), phases.includes("reconciling")]).toEqual([new Set([undefined]), false]);
});

test("sends the fence to a store that only detects stale writers", async () => {
  const { indexer, fences } = weakSetUp({ fences: "detected" });
  await indexer.sync(LiveSource.of(...said));
  expect(new Set(fences)).toEqual(new Set([{ sourceId: "live", token: expect.any(Number) }]));
});

test("compares the collection with its record in every run on a store without epochs, and still resumes", async () => {
  const { indexer, phases } = weakSetUp({ epochs: false }, { hasNoEpoch: true });
  await indexer.sync(LiveSource.of(...said));
  phases.length = 0;
  const again = LiveSource.of(upsert("b", "two"));
  expect(await indexer.sync(again)).toMatchObject({ documents: { added: 1 } });
  expect([again.resumed, phases[0]]).toEqual([["1"], "reconciling"]);
});
