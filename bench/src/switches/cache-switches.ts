import { setTimeout as sleep } from "node:timers/promises";
import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { createBatchingEmbedder, createCachedBackend } from "@binnacle/inference";
import {
  createBm25Encoder,
  createCachedEmbedder,
  createCachedRetriever,
  createChunker,
  createIndexer,
  createRetriever,
  defineIndex,
  MemoryCache,
  MemoryStore,
} from "@binnacle/retriever";
import { medianMs, type Switched } from "./switched.ts";

/** Time of the fake model server: each call has a fixed cost, as on a GPU, and one call runs at a time. */
const [callMs, answerMs] = [5, 50];
const maxBytes = 2 ** 26;
const role = "query";

/** An embedder whose server computes one call after the other. */
function oneLane(): FakeEmbedder {
  let last = Promise.resolve();
  return new FakeEmbedder({
    dimensions: 384,
    onEmbed: () => (last = last.then(() => sleep(callMs))),
  });
}

const callers = 64;
const texts = Array.from({ length: 256 }, (_, i) => `The warden of quay ${i} keeps log ${i * 7}.`);

/** 256 single texts of 64 callers. */
export const batches: Switched = {
  name: "batches",
  unit: "texts per second",
  isMoreBetter: true,
  measure: async () => {
    const rateOf = async (embedder: Pick<FakeEmbedder, "embed">): Promise<number> => {
      const from = performance.now();
      let next = 0;
      const caller = async (): Promise<void> => {
        for (let i = next++; i < texts.length; i = next++) await embedder.embed([texts[i] ?? ""], { role });
      };
      await Promise.all(Array.from({ length: callers }, caller));
      return texts.length / ((performance.now() - from) / 1000);
    };
    const off = await rateOf(oneLane());
    await using batching = createBatchingEmbedder(oneLane(), { maxItems: 32 });
    return { off, on: await rateOf(batching) };
  },
};

/** A text that was embedded before. */
export const vectorCache: Switched = {
  name: "vector cache",
  unit: "ms per known text",
  measure: async () => {
    const plain = oneLane();
    await using cached = createCachedEmbedder(plain, { cache: new MemoryCache({ maxBytes }) });
    const ask = (embedder: Pick<FakeEmbedder, "embed">) => () =>
      embedder.embed(["Who keeps log 7?"], { role });
    await ask(cached)();
    return { off: await medianMs(ask(plain)), on: await medianMs(ask(cached)) };
  },
};

/** A question that was asked before, over an unchanged collection. */
export const searchCache: Switched = {
  name: "search cache",
  unit: "ms per known question",
  measure: async () => {
    const store = new MemoryStore();
    const base = { name: "docs", chunker: await createChunker(), sparse: createBm25Encoder() };
    const index = defineIndex({ ...base, embedder: oneLane() });
    await createIndexer({ store, index }).upsert(documents(500));
    const plain = createRetriever({ store, index });
    const cached = createCachedRetriever(plain, {
      cache: new MemoryCache({ maxBytes }),
      store,
      collection: index.name,
      settings: {},
    });
    const question = "What does the warden of quay 9 keep?";
    await cached.retrieve(question);
    const off = await medianMs(() => plain.retrieve(question));
    const on = await medianMs(() => cached.retrieve(question));
    await store.close();
    return { off, on };
  },
};

/** A prompt that was answered before. */
export const answerCache: Switched = {
  name: "answer cache",
  unit: "ms per known prompt",
  measure: async () => {
    const replies = async (): Promise<string> => {
      await sleep(answerMs);
      return "Every night [1].";
    };
    const plain = new FakeInferenceBackend({ replies });
    await using cached = createCachedBackend(plain, { cache: new MemoryCache({ maxBytes }) });
    const request = { messages: [{ role: "user", content: "When?" }], temperature: 0, maxTokens: 9 } as const;
    await cached.generate(request);
    return {
      off: await medianMs(() => plain.generate(request)),
      on: await medianMs(() => cached.generate(request)),
    };
  },
};

/** A second ingest of 500 documents, into a new collection or into the one that holds them. */
export const unchangedDocuments: Switched = {
  name: "unchanged documents",
  unit: "embedded texts of an ingest",
  measure: async () => {
    const store = new MemoryStore();
    const base = { chunker: await createChunker(), sparse: createBm25Encoder() };
    const ingest = async (name: string): Promise<number> => {
      const index = defineIndex({ ...base, name, embedder: new FakeEmbedder({ dimensions: 384 }) });
      return (await createIndexer({ store, index }).upsert(documents(500))).embeddings;
    };
    await ingest("docs");
    const figures = { off: await ingest("other"), on: await ingest("docs") };
    await store.close();
    return figures;
  },
};

function documents(count: number): Parameters<ReturnType<typeof createIndexer>["upsert"]>[0] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${i}.txt`,
    text: `The warden of quay ${i} keeps log ${i * 7} and lamp ${i * 11}. `.repeat(3),
    mediaType: "text/plain",
    metadata: {},
  }));
}
