import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Cache, Embedder } from "@binnacle/core";
import { MemoryCache, createCachedEmbedder } from "@binnacle/retriever";
import { CacheBackedEmbeddings } from "@langchain/classic/embeddings/cache_backed";
import { InMemoryStore } from "@langchain/core/stores";
import { LangchainModel } from "./index-langchain-model.ts";
import { CountingModel, asEmbedder } from "./index-model.ts";
import { measureAlternating, type Contender, type Measured } from "./measure.ts";

/** For the duplicates, where it does not matter. */
const DUPLICATES_DIMENSIONS = 768;
const CACHED_TEXTS = 2_000;
/** A single pass over the hits of the fast side is too short for the processor's clock. */
const PASSES = 4;
const RUNS = 9;

/** Equal texts in one call, on both sides. */
export interface Duplicates {
  readonly texts: number;
  readonly distinct: number;
  readonly oursEmbedded: number;
  readonly langchainEmbedded: number;
  /** Calls of the model for 50 equal queries at once. */
  readonly ourQueryCalls: number;
  readonly langchainQueryCalls: number;
}

/** 1,000 texts, 300 of them distinct, and 50 equal queries at once: what the model is given. */
export async function measureDuplicates(texts: readonly string[]): Promise<Duplicates> {
  const distinct = texts.slice(0, 300);
  const asked = Array.from({ length: 1_000 }, (_, i) => distinct[i % distinct.length] ?? "");
  const [documents, queries] = [
    oursWith(new MemoryCache(), DUPLICATES_DIMENSIONS),
    oursWith(new MemoryCache(), DUPLICATES_DIMENSIONS),
  ];
  const [theirs, theirQueries] = [langchainSide(DUPLICATES_DIMENSIONS), langchainSide(DUPLICATES_DIMENSIONS)];
  await documents.embedder.embed(asked, { role: "document" });
  await theirs.embeddings.embedDocuments(asked);
  const query = distinct[0] ?? "";
  const fifty = Array.from({ length: 50 }, () => query);
  await Promise.all(fifty.map((text) => queries.embedder.embed([text], { role: "query" })));
  await Promise.all(fifty.map((text) => theirQueries.embeddings.embedQuery(text)));
  return {
    texts: asked.length,
    distinct: new Set(asked).size,
    oursEmbedded: documents.model.texts,
    langchainEmbedded: theirs.model.texts,
    ourQueryCalls: queries.model.texts,
    langchainQueryCalls: theirQueries.model.texts,
  };
}

/** What hits cost, and how large a value is. */
export interface CacheHits {
  /** Times are of one pass over all texts. */
  readonly ours: Measured<number>;
  /** What no cache with hashed keys, checksums and private copies can do without: SHA-256 of each text, CRC-32 and a copy
   * of each value, and nothing else. */
  readonly limit: Measured<number>;
  /** With all digits of a float32, as `openai`'s client and in-process models give them. */
  readonly langchain: Measured<number>;
  /** With eight decimals, as some servers send them: less to parse. */
  readonly langchainRounded: Measured<number>;
  readonly texts: number;
  readonly dimensions: number;
  readonly ourBytes: number;
  readonly langchainBytes: number;
  readonly langchainRoundedBytes: number;
  /** Texts that the model saw again although all of them were cached; all sides together. */
  readonly misses: number;
  /** Whether every vector came back as the model made it. */
  readonly isExact: boolean;
}

/** 2,000 cached texts, looked up again and again by both sides in turn. */
export async function measureHits(texts: readonly string[], dimensions: number): Promise<CacheHits> {
  const asked = texts.slice(0, CACHED_TEXTS);
  const sizes: number[] = [];
  const ours = oursWith(recordingSizes(new MemoryCache(), sizes), dimensions);
  const theirs = [langchainSide(dimensions), langchainSide(dimensions, 8)] as const;
  await ours.embedder.embed(asked, { role: "document" });
  for (const { embeddings } of theirs) await embeddings.embedDocuments([...asked]);
  const seen = (): number => [ours, ...theirs].reduce((sum, { model }) => sum + model.texts, 0);
  const before = seen();
  const value = new Uint8Array(4 * dimensions);
  const hits = (name: string, once: () => Promise<{ readonly length: number }>): Contender<number> => ({
    name,
    runs: RUNS,
    warmups: 3,
    run: async () => {
      let found = 0;
      for (let i = 0; i < PASSES; i++) found = (await once()).length;
      return found;
    },
  });
  const [mine, limit, langchain, langchainRounded] = (
    await measureAlternating([
      hits("Binnacle", async () => (await ours.embedder.embed(asked, { role: "document" })).outcomes),
      hits("limit", async () => asked.map((text) => leastWork(text, value))),
      hits("LangChain", () => theirs[0].embeddings.embedDocuments([...asked])),
      hits("LangChain, rounded", () => theirs[1].embeddings.embedDocuments([...asked])),
    ])
  ).map(perPass);
  if (!mine || !limit || !langchain || !langchainRounded) throw new Error("nothing was measured");
  const misses = seen() - before;
  const { outcomes } = await ours.embedder.embed(asked, { role: "document" });
  return {
    ours: mine,
    limit,
    langchain,
    langchainRounded,
    texts: asked.length,
    dimensions,
    ourBytes: Math.max(...sizes),
    langchainBytes: await meanBytes(theirs[0].store),
    langchainRoundedBytes: await meanBytes(theirs[1].store),
    misses,
    isExact: outcomes.every((outcome, i) => isSame(outcome, ours.model.vectorOf(asked[i] ?? ""))),
  };
}

function leastWork(text: string, value: Uint8Array): readonly [string, number, Uint8Array] {
  return [hash("sha256", text, "base64url"), crc32(value), new Uint8Array(value)];
}

function perPass(measured: Measured<number>): Measured<number> {
  const { medianMs, minMs, maxMs, cpuMs } = measured;
  return {
    ...measured,
    medianMs: medianMs / PASSES,
    minMs: minMs / PASSES,
    maxMs: maxMs / PASSES,
    cpuMs: cpuMs / PASSES,
  };
}

function oursWith(
  cache: Cache,
  dimensions: number,
): { readonly model: CountingModel; readonly embedder: Embedder } {
  const model = new CountingModel({ dimensions, msPerText: 0 });
  return { model, embedder: createCachedEmbedder(asEmbedder(model), { cache }) };
}

interface LangchainSide {
  readonly model: CountingModel;
  readonly store: InMemoryStore<Uint8Array>;
  readonly embeddings: CacheBackedEmbeddings;
}

function langchainSide(dimensions: number, decimals?: number): LangchainSide {
  const model = new CountingModel({ dimensions, msPerText: 0 });
  const store = new InMemoryStore<Uint8Array>();
  const embeddings = CacheBackedEmbeddings.fromBytesStore(new LangchainModel(model, decimals), store, {
    namespace: "bench-model",
  });
  return { model, store, embeddings };
}

async function meanBytes(store: InMemoryStore<Uint8Array>): Promise<number> {
  const keys: string[] = [];
  for await (const key of store.yieldKeys()) keys.push(key);
  const sizes = (await store.mget(keys)).map(({ byteLength }) => byteLength);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

/** The cache itself, telling how large each value is that it is given. */
function recordingSizes(cache: MemoryCache, sizes: number[]): Cache {
  return {
    getMany: (keys, options) => cache.getMany(keys, options),
    setMany: (entries, options) => {
      for (const [, value] of entries) sizes.push(value.byteLength);
      return cache.setMany(entries, options);
    },
    deleteMany: (keys, options) => cache.deleteMany(keys, options),
    stats: () => cache.stats(),
    health: (options) => cache.health(options),
    close: () => cache.close(),
    [Symbol.asyncDispose]: () => cache.close(),
  };
}

function isSame(outcome: unknown, expected: Float32Array): boolean {
  return (
    outcome instanceof Float32Array &&
    outcome.length === expected.length &&
    outcome.every((value, i) => value === expected[i])
  );
}
