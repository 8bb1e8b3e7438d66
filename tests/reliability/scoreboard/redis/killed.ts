import { setTimeout as sleep } from "node:timers/promises";
import { RedisCache } from "@binnacle/retriever/redis";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { between, countOf, percentile } from "../open-loop.ts";
import { hitRateWatch } from "./hit-rate-watch.ts";
import { startRagApp } from "./rag-load.ts";

const perSecond = 200;
const warmUpMs = 4_000;
const afterMs = 4_000;

/** SB-R1: Redis dies under load and starts again without data. */
export const redisKilled: Experiment = {
  title: `SIGKILL of Redis under ${perSecond} questions per second`,
  missing: () => redisMissing("own"),
  run: async ({ seed, outageMs }) => {
    const server = await startRedis({ own: true });
    const app = await startRagApp(seed);
    const cache = new RedisCache({ url: server.url });
    try {
      const uncached = app.load(perSecond, undefined);
      await sleep(warmUpMs);
      const baseline = percentile(await uncached.stop(), 0.99);

      const load = app.load(perSecond, cache);
      const watch = hitRateWatch(cache);
      await sleep(warmUpMs);
      const fullRate = watch.rate();
      const killedAt = load.now();
      server.signal("SIGKILL");
      await sleep(outageMs);
      await server.restart();
      const backAt = load.now();
      const recoveredMs = await watch.timeUntil(0.9 * fullRate, 20_000);
      await sleep(afterMs);
      watch.stop();
      const samples = await load.stop();
      const outage = between(samples, killedAt, backAt);
      return [
        exactly("failed requests", countOf(samples, "failed"), 0),
        exactly("wrong answers", countOf(samples, "wrong"), 0),
        shown("requests during the outage", outage.length, "requests"),
        shown("p99 without a cache", baseline, "ms"),
        atMost(
          "p99 during the outage, above that without a cache",
          percentile(outage, 0.99) - baseline,
          20,
          "ms",
        ),
        shown("hit rate before", fullRate, "share"),
        atMost("until the hit rate is back", recoveredMs / 1000, 2, "s"),
      ];
    } finally {
      await cache.close();
      await app.close();
      await server.close();
    }
  },
};
