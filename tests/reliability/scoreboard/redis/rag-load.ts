import { setTimeout as sleep } from "node:timers/promises";
import type { Cache, Retriever, VectorStore } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import {
  createBm25Encoder,
  createCachedEmbedder,
  createCachedRetriever,
  createChunker,
  createIndexer,
  createRetriever,
  defineIndex,
  MemoryStore,
} from "@binnacle/retriever";
import { randomNumbers } from "../../filled-store.ts";
import { startOpenLoop, type OpenLoop } from "../open-loop.ts";

/**
 * A small app that answers questions from documents, with or without a cache. It knows every right answer.
 */
export interface RagApp {
  readonly store: VectorStore;
  /** Asks questions at a fixed rate, popular ones more often. Each answer is compared with the right one. */
  load(perSecond: number, cache: Cache | undefined): OpenLoop;
  close(): Promise<void>;
}

const documents = 200;
const questions = 50;
/** Milliseconds that a small model needs for a question. */
const embedMs = 5;

export async function startRagApp(seed: number): Promise<RagApp> {
  const store = new MemoryStore();
  const embedder = new FakeEmbedder({ dimensions: 384, onEmbed: () => sleep(embedMs) });
  const base = { name: "docs", chunker: await createChunker(), sparse: createBm25Encoder() };
  const indexed = Array.from({ length: documents }, (_, i) => textOf(i));
  await createIndexer({
    store,
    index: defineIndex({ ...base, embedder: new FakeEmbedder({ dimensions: 384 }) }),
  }).upsert(indexed.map((text, i) => ({ id: `${i}.txt`, text, mediaType: "text/plain", metadata: {} })));
  const retrieverWith = (cache: Cache | undefined): Retriever => {
    if (cache === undefined) return createRetriever({ store, index: defineIndex({ ...base, embedder }) });
    const index = defineIndex({ ...base, embedder: createCachedEmbedder(embedder, { cache }) });
    const inner = createRetriever({ store, index });
    return createCachedRetriever(inner, {
      cache,
      store,
      collection: index.name,
      settings: { mode: "hybrid" },
    });
  };
  const asked = Array.from({ length: questions }, (_, i) => `What does the warden of quay ${i * 3} keep?`);
  const direct = retrieverWith(undefined);
  const right = await Promise.all(asked.map(async (question) => passagesOf(direct, question)));
  const random = randomNumbers(seed);
  return {
    store,
    load: (perSecond, cache) => {
      const retriever = retrieverWith(cache);
      return startOpenLoop(perSecond, async () => {
        const picked = zipf(questions, random());
        return (await passagesOf(retriever, asked[picked] ?? "")) === right[picked];
      });
    },
    close: () => store.close(),
  };
}

function textOf(number: number): string {
  return `The warden of quay ${number} keeps log ${number * 7} and lamp ${number * 11}. `.repeat(3);
}

async function passagesOf(retriever: Retriever, question: string): Promise<string> {
  return JSON.stringify((await retriever.retrieve(question)).passages);
}

/**
 * Returns a number below `count`, small ones more often, by Zipf's law with exponent 1. `random` is from 0 to
 * below 1.
 */
export function zipf(count: number, random: number): number {
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1));
  let left = random * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found < 0 ? count - 1 : found;
}
