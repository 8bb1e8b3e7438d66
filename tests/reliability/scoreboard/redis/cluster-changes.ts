import { setTimeout as sleep } from "node:timers/promises";
import { RedisCache } from "@binnacle/retriever/redis";
import { randomNumbers } from "../../filled-store.ts";
import { moveSlot, startRedisCluster, type RedisCluster } from "../../../servers/redis-cluster.ts";
import { startRedisSentinels } from "../../../servers/redis-sentinel.ts";
import { redisMissing } from "../../../servers/redis.ts";
import { atMost, exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { countOf, startOpenLoop } from "../open-loop.ts";

const perSecond = 100;
const keys = 300;

/** SB-R4: a master of three dies, slots move, and sentinels replace a master, all under load. */
export const redisClusterChanges: Experiment = {
  title: "Redis Cluster loses a master and moves slots; Sentinel replaces a master",
  missing: () => redisMissing("own"),
  run: async ({ seed, outageMs }) => {
    const waitMs = Math.min(outageMs, 8_000);
    return [
      ...(await onCluster("slots move", { seed, isGradual: true }, async (cluster) => {
        for (let slot = 0; slot < 15; slot++) await moveSlot(cluster, slot, { from: 0, to: 1 });
      })),
      ...(await onCluster("1 of 3 masters killed", { seed, isGradual: false }, async ({ masters }) => {
        masters[0]?.signal("SIGKILL");
        await sleep(waitMs);
      })),
      ...(await behindSentinels({ seed, waitMs })),
    ];
  },
};

interface Change {
  readonly cache: RedisCache;
  readonly seed: number;
  /** True for many small changes, false for one change that breaks something. */
  readonly isGradual: boolean;
  readonly change: () => Promise<void>;
}

async function onCluster(
  name: string,
  about: Pick<Change, "seed" | "isGradual">,
  change: (cluster: RedisCluster) => Promise<void>,
): Promise<readonly Figure[]> {
  const cluster = await startRedisCluster({ withReplicas: true });
  const cache = new RedisCache({ cluster: cluster.urls });
  try {
    return await underLoad(name, { cache, change: () => change(cluster), ...about });
  } finally {
    await cache.close();
    await cluster.close();
  }
}

async function behindSentinels(about: {
  readonly seed: number;
  readonly waitMs: number;
}): Promise<readonly Figure[]> {
  const sentinels = await startRedisSentinels();
  const cache = new RedisCache({ sentinel: { urls: sentinels.urls, name: sentinels.name } });
  const change = async (): Promise<void> => {
    sentinels.master.signal("SIGKILL");
    await sleep(about.waitMs);
  };
  try {
    return await underLoad("sentinel failover", { cache, seed: about.seed, isGradual: false, change });
  } finally {
    await cache.close();
    await sentinels.close();
  }
}

/** Reads and writes values that their keys determine, so that a wrong value is known by itself. */
async function underLoad(
  name: string,
  { cache, seed, change, isGradual }: Change,
): Promise<readonly Figure[]> {
  const random = randomNumbers(seed);
  const pick = (): string => `key ${Math.floor(random() * keys)}`;
  let lastTroubleAt = 0;
  const load = startOpenLoop(perSecond, async (number) => {
    const asked = [pick(), pick(), pick()];
    const before = cache.stats().errors;
    if (number % 3 === 0) await cache.setMany(asked.map((key) => [key, valueOf(key)]));
    const found = await cache.getMany(asked);
    if (cache.stats().errors > before) lastTroubleAt = load.now();
    return found.every((value, i) => value === undefined || isValueOf(asked[i] ?? "", value));
  });
  await sleep(2_000);
  const calmErrors = cache.stats().errors;
  const changedAt = load.now();
  await change();
  const doneAt = load.now();
  await sleep(2_000);
  const isUsed = await isUsable(cache);
  const samples = await load.stop();
  const errors = cache.stats().errors - calmErrors;
  const troubleMs = errors === 0 ? 0 : Math.max(0, lastTroubleAt - (isGradual ? doneAt : changedAt));
  return [
    exactly(`${name}: wrong values`, countOf(samples, "wrong"), 0),
    exactly(`${name}: failed calls`, countOf(samples, "failed"), 0),
    exactly(`${name}: all keys usable afterwards`, isUsed ? 1 : 0, 1),
    atMost(
      `${name}: until the last error${isGradual ? ", after the last change" : ""}`,
      troubleMs / 1000,
      5,
      "s",
    ),
    shown(`${name}: calls with an error, counted`, errors, "calls"),
    shown(`${name}: calls`, samples.length, "calls"),
  ];
}

async function isUsable(cache: RedisCache): Promise<boolean> {
  const all = Array.from({ length: keys }, (_, i) => `key ${i}`);
  await cache.setMany(all.map((key) => [key, valueOf(key)]));
  return (await cache.getMany(all)).every((value) => value !== undefined);
}

function valueOf(key: string): Uint8Array {
  return Buffer.from(`value of ${key} `.repeat(20));
}

function isValueOf(key: string, value: Uint8Array): boolean {
  return Buffer.compare(value, valueOf(key)) === 0;
}
