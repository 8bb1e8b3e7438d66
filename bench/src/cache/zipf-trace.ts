import {
  createBm25Encoder,
  createCachedRetriever,
  createIndexer,
  createRetriever,
  createTextChunker,
  createTieredCache,
  createTokenizer,
  defineIndex,
  MemoryCache,
  MemoryStore,
} from "@binnacle/retriever";
import type { Retriever } from "@binnacle/core";
import { RedisCache } from "@binnacle/retriever/redis";

const DOCUMENTS = 300;
const QUESTIONS = 200;
const REQUESTS = 5_000;
/** One write per this many requests. Each write makes all cached results unreachable. */
const WRITE_EVERY = 100;

/** Counts of a trace of questions and writes. */
export interface ZipfTrace {
  readonly requests: number;
  readonly writes: number;
  readonly hits: number;
  readonly misses: number;
  readonly uncached: number;
  /** Answers that differ from a search at that moment. */
  readonly stale: number;
  readonly near: { readonly hits: number; readonly misses: number };
  readonly far: { readonly hits: number; readonly misses: number };
}

/** Asks questions by Zipf's law between writes. Each answer is compared with an uncached search. */
export async function runZipfTrace(url: string, random: () => number): Promise<ZipfTrace> {
  const store = new MemoryStore();
  const chunker = await createTextChunker({ tokenizer: await createTokenizer("o200k_base"), maxTokens: 100 });
  const index = defineIndex({ name: "trace", chunker, sparse: createBm25Encoder() });
  const indexer = createIndexer({ store, index });
  const write = (number: number, revision: number): Promise<unknown> =>
    indexer.upsert([
      { id: `${number}.txt`, text: textOf(number, revision), mediaType: "text/plain", metadata: {} },
    ]);
  for (let number = 0; number < DOCUMENTS; number++) await write(number, 0);
  const far = new RedisCache({ url, prefix: "trace:", timeoutMs: 10_000 });
  const cache = createTieredCache({
    near: new MemoryCache({ maxBytes: 256 * 1024 }),
    far,
    timeoutMs: 10_000,
  });
  const direct = createRetriever({ store, index });
  const settings = { mode: "lexical", limit: 8 };
  const cached = createCachedRetriever(direct, { cache, store, collection: index.name, settings });
  const pick = zipf(QUESTIONS, random);
  let [stale, writes] = [0, 0];
  try {
    for (let request = 0; request < REQUESTS; request++) {
      if (request % WRITE_EVERY === WRITE_EVERY - 1) {
        await write(Math.floor(random() * DOCUMENTS), request);
        writes += 1;
      }
      const question = `What does the warden of quay ${pick()} keep?`;
      if ((await passages(cached, question)) !== (await passages(direct, question))) stale += 1;
    }
    await cached.close();
    const { hits, misses, uncached } = cached.stats();
    const tiers = cache.stats();
    return { requests: REQUESTS, writes, hits, misses, uncached, stale, near: tiers.near, far: tiers.far };
  } finally {
    await cache.close();
    await far.close();
    await store.close();
  }
}

async function passages(retriever: Retriever, question: string): Promise<string> {
  return JSON.stringify((await retriever.retrieve(question)).passages);
}

function textOf(number: number, revision: number): string {
  return `The warden of quay ${number} keeps log ${number * 7 + revision} and lamp ${number * 11}.`;
}

/**
 * Returns a function that picks numbers below `count`, small ones more often, by Zipf's law with exponent 1.
 */
function zipf(count: number, random: () => number): () => number {
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return () => {
    let left = random() * sum;
    const found = weights.findIndex((weight) => (left -= weight) < 0);
    return found < 0 ? count - 1 : found;
  };
}
