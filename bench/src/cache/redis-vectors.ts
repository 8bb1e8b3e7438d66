import { BaseStore } from "@langchain/core/stores";
import { CacheBackedEmbeddings } from "@langchain/classic/embeddings/cache_backed";
import { createCachedEmbedder } from "@binnacle/retriever";
import { RedisCache } from "@binnacle/retriever/redis";
import { Redis } from "ioredis";
import { LangchainModel } from "../index-langchain-model.ts";
import { asEmbedder, CountingModel } from "../index-model.ts";
import { measureAlternating, type Measured } from "../measure.ts";

const DIMENSIONS = 1536;
const TEXTS = 500;
const RUNS = 15;
const WARMUPS = 4;

/** Times of both sides for reading vectors. */
export interface RedisVectors {
  readonly ours: Measured<readonly ArrayLike<number>[]>;
  readonly langchain: Measured<readonly ArrayLike<number>[]>;
  /** One MGET of our values by the bare client, and nothing else: the least that a reader can take. */
  readonly raw: Measured<unknown>;
  /** Commands in one pass of our side. */
  readonly commands: number;
  /** True if all our vectors equal the model's and the model was not called again. */
  readonly isExact: boolean;
  /** Bytes of a value on each side. */
  readonly bytes: { readonly ours: number; readonly langchain: number };
}

/** Reads 500 cached vectors of 1536 numbers repeatedly from one Redis, with both sides in turn. */
export async function measureRedisVectors(url: string): Promise<RedisVectors> {
  const texts = Array.from({ length: TEXTS }, (_, i) => `What does the log of day ${i} say about the tide?`);
  const cache = new RedisCache({ url, prefix: "ours:", timeoutMs: 10_000 });
  const client = new Redis(url);
  try {
    const model = new CountingModel({ dimensions: DIMENSIONS, msPerText: 0 });
    const embedder = createCachedEmbedder(asEmbedder(model), { cache });
    const theirs = CacheBackedEmbeddings.fromBytesStore(
      new LangchainModel(new CountingModel({ dimensions: DIMENSIONS, msPerText: 0 })),
      new RedisByteStore(client),
      { namespace: "theirs:" },
    );
    const readOurs = async (): Promise<readonly ArrayLike<number>[]> => {
      const { outcomes } = await embedder.embed(texts, { role: "document" });
      return outcomes.map((outcome) => (outcome instanceof Float32Array ? outcome : []));
    };
    const first = await readOurs();
    await theirs.embedDocuments(texts);
    await stored(client, "ours:*");
    const seen = model.texts;
    const before = await commandsOf(client);
    const again = await readOurs();
    const commands = (await commandsOf(client)) - before;
    const isExact = model.texts === seen && again.every((vector, i) => isEqual(vector, first[i] ?? []));
    const keys = await client.keys("ours:*");
    const [ours, langchain, raw] = await measureAlternating<readonly ArrayLike<number>[]>([
      { name: "ours", run: readOurs, runs: RUNS, warmups: WARMUPS },
      { name: "langchain", run: () => theirs.embedDocuments(texts), runs: RUNS, warmups: WARMUPS },
      { name: "raw", run: () => readRaw(client, keys), runs: RUNS, warmups: WARMUPS },
    ]);
    if (ours === undefined || langchain === undefined || raw === undefined)
      throw new Error("nothing was measured");
    const bytes = { ours: await sizeOf(client, "ours:*"), langchain: await sizeOf(client, "theirs:*") };
    return { ours, langchain, raw, commands, isExact, bytes };
  } finally {
    await cache.close();
    client.disconnect();
  }
}

async function readRaw(client: Redis, keys: readonly string[]): Promise<readonly ArrayLike<number>[]> {
  return (await client.mgetBuffer([...keys])).map((value) => value ?? []);
}

/** LangChain's store for Redis in the form of its community package: one MGET, and one pipeline of SETs. */
class RedisByteStore extends BaseStore<string, Uint8Array> {
  override lc_namespace = ["bench"];
  readonly #client: Redis;

  constructor(client: Redis) {
    super();
    this.#client = client;
  }
  override async mget(keys: string[]): Promise<(Uint8Array | undefined)[]> {
    return (await this.#client.mgetBuffer(keys)).map((value) => value ?? undefined);
  }
  override async mset(pairs: [string, Uint8Array][]): Promise<void> {
    const pipeline = this.#client.pipeline();
    for (const [key, value] of pairs) pipeline.set(key, Buffer.from(value));
    await pipeline.exec();
  }
  override async mdelete(keys: string[]): Promise<void> {
    await this.#client.del(keys);
  }
  override async *yieldKeys(): AsyncGenerator<string> {
    yield* await this.#client.keys("*");
  }
}

/** Returns the number of commands that the server has processed, without those of this count. */
async function commandsOf(client: Redis): Promise<number> {
  const info = await client.info("commandstats");
  const counts = info.matchAll(/cmdstat_(\w+):calls=(\d+)/g);
  return [...counts].reduce((sum, [, name, calls]) => (name === "info" ? sum : sum + Number(calls)), 0);
}

/** Waits until all vectors are stored, because they are written in the background. */
async function stored(client: Redis, pattern: string): Promise<void> {
  while ((await client.keys(pattern)).length < TEXTS) await new Promise(setImmediate);
}

async function sizeOf(client: Redis, pattern: string): Promise<number> {
  const [key] = await client.keys(pattern);
  return key === undefined ? 0 : client.strlen(key);
}

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && a.length > 0 && Array.from(a).every((number, i) => number === b[i]);
}
