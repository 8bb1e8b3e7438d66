// Started by redis-vectors.ts in its own process. It times one contender on request.
import { BaseStore } from "@langchain/core/stores";
import { createCachedEmbedder } from "@binnacle/retriever";
import { RedisCache } from "@binnacle/retriever/redis";
import { Redis } from "ioredis";
import { asEmbedder, CountingModel } from "../index-model.ts";
import type { RedisVectorFacts } from "./redis-vectors.ts";
import { timedPasses, timedPassesAlone } from "./timed-passes.ts";

const DIMENSIONS = 1536;
const TEXTS = 500;

type Vectors = readonly ArrayLike<number>[];

interface Side {
  /** The prefix of its keys. */
  readonly prefix: string;
  readonly pass: () => Promise<Vectors>;
  /** Texts that the model was asked for. */
  readonly asked: () => number;
}

const texts = Array.from({ length: TEXTS }, (_, i) => `What does the log of day ${i} say about the tide?`);
const [contender = "", url = "", pace = "alone"] = process.argv.slice(2);
const client = new Redis(url);

function oursOf(prefix: string): Side {
  const model = new CountingModel({ dimensions: DIMENSIONS, msPerText: 0 });
  const cache = new RedisCache({ url, prefix, timeoutMs: 10_000 });
  const embedder = createCachedEmbedder(asEmbedder(model), { cache });
  const pass = async (): Promise<Vectors> => {
    const { outcomes } = await embedder.embed(texts, { role: "document" });
    return outcomes.map((outcome) => (outcome instanceof Float32Array ? outcome : []));
  };
  return { prefix, pass, asked: () => model.texts };
}

async function langchainSide(): Promise<Side> {
  const { CacheBackedEmbeddings } = await import("@langchain/classic/embeddings/cache_backed");
  const { LangchainModel } = await import("../index-langchain-model.ts");
  const model = new CountingModel({ dimensions: DIMENSIONS, msPerText: 0 });
  const prefix = "theirs:";
  const store = new RedisByteStore();
  const theirs = CacheBackedEmbeddings.fromBytesStore(new LangchainModel(model), store, {
    namespace: prefix,
  });
  return { prefix, pass: () => theirs.embedDocuments(texts), asked: () => model.texts };
}

/** Stores our values under keys of its own, and reads them without our code. */
async function rawSide(): Promise<Side> {
  const prefix = "raw:";
  await stored(oursOf(prefix));
  const keys = await client.keys(`${prefix}*`);
  const pass = async (): Promise<Vectors> => (await client.mgetBuffer(keys)).map((value) => value ?? []);
  return { prefix, pass, asked: () => 0 };
}

/** LangChain's store for Redis in the form of its community package: one MGET, and one pipeline of SETs. */
class RedisByteStore extends BaseStore<string, Uint8Array> {
  override lc_namespace = ["bench"];
  override async mget(keys: string[]): Promise<(Uint8Array | undefined)[]> {
    return (await client.mgetBuffer(keys)).map((value) => value ?? undefined);
  }
  override async mset(pairs: [string, Uint8Array][]): Promise<void> {
    const pipeline = client.pipeline();
    for (const [key, value] of pairs) pipeline.set(key, Buffer.from(value));
    await pipeline.exec();
  }
  override async mdelete(keys: string[]): Promise<void> {
    await client.del(keys);
  }
  override async *yieldKeys(): AsyncGenerator<string> {
    yield* await client.keys("*");
  }
}

/** Fills the cache and waits until all vectors are stored, because they are written in the background. */
async function stored(filled: Side): Promise<Vectors> {
  const vectors = await filled.pass();
  while ((await client.keys(`${filled.prefix}*`)).length < TEXTS) await new Promise(setImmediate);
  return vectors;
}

/** Returns the number of commands that the server has processed, without those of this count. */
async function commandsOf(): Promise<number> {
  const info = await client.info("commandstats");
  const counts = info.matchAll(/cmdstat_(\w+):calls=(\d+)/g);
  return [...counts].reduce((sum, [, name, calls]) => (name === "info" ? sum : sum + Number(calls)), 0);
}

const sides: Readonly<Record<string, () => Side | Promise<Side>>> = {
  ours: () => oursOf("ours:"),
  langchain: langchainSide,
  raw: rawSide,
};
const side = await sides[contender]?.();
if (side === undefined) throw new Error(`no contender "${contender}"`);
const first = await stored(side);
const asked = side.asked();

async function facts({ prefix, pass, asked: askedNow }: Side): Promise<RedisVectorFacts> {
  const before = await commandsOf();
  const again = await pass();
  const commands = (await commandsOf()) - before;
  const isExact = askedNow() === asked && again.every((vector, i) => isEqual(vector, first[i] ?? []));
  const [key = ""] = await client.keys(`${prefix}*`);
  return { commands, isExact, bytes: await client.strlen(key) };
}

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && a.length > 0 && Array.from(a).every((number, i) => number === b[i]);
}

const run = pace === "loop" ? timedPasses : timedPassesAlone;
process.on("message", (question) => {
  void (question === "run" ? run(side.pass) : facts(side)).then((answer) => process.send?.(answer));
});
