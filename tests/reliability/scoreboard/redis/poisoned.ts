import { FakeEmbedder } from "@binnacle/core/testing";
import { createCachedEmbedder } from "@binnacle/retriever";
import { RedisCache } from "@binnacle/retriever/redis";
import { Redis } from "ioredis";
import { randomNumbers } from "../../filled-store.ts";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";

const texts = Array.from({ length: 200 }, (_, i) => `passage number ${i} of the log`);
const rounds = 10;

/** SB-R5: another program damages, cuts and exchanges values in Redis. */
export const redisPoisoned: Experiment = {
  title: "values in Redis that are cut, damaged, of another format or of another key",
  missing: () => redisMissing("own"),
  run: async ({ seed }) => {
    const server = await startRedis({ own: true });
    const cache = new RedisCache({ url: server.url, prefix: "p:", timeoutMs: 5_000 });
    const raw = new Redis(server.url);
    const truth = new FakeEmbedder({ dimensions: 384 });
    const embedder = new FakeEmbedder({ dimensions: 384 });
    const random = randomNumbers(seed);
    const right = (await truth.embed(texts, { role: "document" })).outcomes;
    let [wrong, poisoned, unread] = [0, 0, 0];
    try {
      for (let round = 0; round < rounds; round++) {
        const cached = createCachedEmbedder(embedder, { cache });
        const { outcomes } = await cached.embed(texts, { role: "document" });
        wrong += outcomes.filter((outcome, i) => !isSame(outcome, right[i])).length;
        await cached.close(); // waits for the vectors that are written in the background
        poisoned += unread;
        unread = await poison(raw, random);
      }
      const { hits, misses, errors } = cache.stats();
      return [
        exactly("wrong vectors", wrong, 0),
        exactly("lookups that are neither hit nor miss", rounds * texts.length - hits - misses, 0),
        exactly("errors", errors, 0),
        exactly("poisoned values that were no miss", texts.length + poisoned - misses, 0),
        shown("values poisoned", poisoned, "values"),
        shown("hits on sound values", hits, "values"),
      ];
    } finally {
      await cache.close();
      raw.disconnect();
      await server.close();
    }
  },
};

function isSame(a: unknown, b: unknown): boolean {
  return (
    a instanceof Float32Array && b instanceof Float32Array && Buffer.compare(bytesOf(a), bytesOf(b)) === 0
  );
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Changes about a third of all values and returns their number. */
async function poison(raw: Redis, random: () => number): Promise<number> {
  const keys = (await raw.keys("p:*")).sort();
  let changed = 0;
  for (const [i, key] of keys.entries()) {
    if (random() > 1 / 3) continue;
    const value = await raw.getBuffer(key);
    const other = await raw.getBuffer(keys[(i + 1) % keys.length] ?? key);
    if (value === null || other === null) continue;
    await raw.set(key, poisonOf(value, other, random), "KEEPTTL");
    changed += 1;
  }
  return changed;
}

function poisonOf(value: Buffer, other: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * value.length);
  switch (Math.floor(random() * 6)) {
    case 0:
      return value.subarray(0, at);
    case 1:
      return Buffer.from(value.map((byte, i) => (i === at ? byte ^ (1 + Math.floor(random() * 255)) : byte)));
    case 2:
      return other;
    case 3:
      return Buffer.concat([value, value.subarray(0, 4)]);
    case 4:
      return Buffer.from([value.at(0) ?? 0, ...value.subarray(1, 5), ...other.subarray(5)]);
    default:
      return Buffer.from(JSON.stringify([0.1, 0.2]));
  }
}
