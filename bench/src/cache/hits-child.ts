// Started by hits.ts in its own process. It times one contender on request.
import type { Cache } from "@binnacle/core";
import { MemoryCache } from "@binnacle/retriever";
import { CountingModel } from "../index-model.ts";
import { cachedTextsOfSeed, type TextKind } from "./cached-texts.ts";
import type { HitFacts } from "./hits.ts";
import { timedPasses } from "./timed-passes.ts";

interface Side {
  /** Looks up all texts once. */
  readonly pass: () => Promise<readonly unknown[]>;
  readonly facts: () => Promise<HitFacts>;
}

async function ourSideOf(texts: readonly string[], dimensions: number): Promise<Side> {
  const { ourSide } = await import("./cache-sides.ts");
  const sizes: number[] = [];
  const { model, embedder } = ourSide(recordingSizes(new MemoryCache(), sizes), dimensions);
  const pass = async (): Promise<readonly unknown[]> =>
    (await embedder.embed(texts, { role: "document" })).outcomes;
  await pass();
  return {
    pass,
    facts: async () => ({
      misses: model.texts - texts.length,
      isExact: (await pass()).every((outcome, i) => isSame(outcome, model.vectorOf(texts[i] ?? ""))),
      bytes: Math.max(...sizes),
    }),
  };
}

async function langchainSideOf(
  texts: readonly string[],
  dimensions: number,
  decimals?: number,
): Promise<Side> {
  const { langchainSide } = await import("./cache-sides.ts");
  const { model, store, embeddings } = langchainSide(dimensions, decimals);
  const pass = (): Promise<readonly unknown[]> => embeddings.embedDocuments([...texts]);
  await pass();
  return {
    pass,
    facts: async () => {
      const keys: string[] = [];
      for await (const key of store.yieldKeys()) keys.push(key);
      const sizes = (await store.mget(keys)).map(({ byteLength }) => byteLength);
      const bytes = Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
      return { misses: model.texts - texts.length, isExact: decimals === undefined, bytes };
    },
  };
}

/**
 * The work that every cache must do if each caller gets its own vectors: a copy. It loads the same code as
 * the others, because garbage collection takes half of the time and grows with the memory in use.
 */
async function copies(texts: readonly string[], dimensions: number): Promise<Side> {
  await import("./cache-sides.ts");
  const model = new CountingModel({ dimensions, msPerText: 0 });
  const vectors = texts.map((text) => model.vectorOf(text));
  const pass = (): Promise<readonly unknown[]> => Promise.resolve(vectors.map((vector) => vector.slice()));
  return { pass, facts: () => Promise.resolve({ misses: 0, isExact: true, bytes: 4 * dimensions }) };
}

/** Wraps the cache and records the size of each value. */
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

const [contender, dimensionsText = "", kind = "", seed = ""] = process.argv.slice(2);
const dimensions = Number(dimensionsText);
const textKind: TextKind = kind === "questions" ? "questions" : "chunks";
const texts = cachedTextsOfSeed(Number(seed), textKind);
const sides: Readonly<Record<string, () => Side | Promise<Side>>> = {
  binnacle: () => ourSideOf(texts, dimensions),
  copies: () => copies(texts, dimensions),
  langchain: () => langchainSideOf(texts, dimensions),
  "langchain-rounded": () => langchainSideOf(texts, dimensions, 8),
};
const side = await sides[contender ?? ""]?.();
if (side === undefined) throw new Error(`no contender "${contender}"`);

process.on("message", (question) => {
  void (question === "run" ? timedPasses(side.pass) : side.facts()).then((answer) => process.send?.(answer));
});
