import { setTimeout as sleep } from "node:timers/promises";
import { RedisCache } from "@binnacle/retriever/redis";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { between, countOf, percentile } from "../open-loop.ts";
import { startRagApp } from "./rag-load.ts";

const perSecond = 200;
const warmUpMs = 3_000;
const timeoutMs = 250;
/** The breaker needs a few time-outs, which overlap. */
const openingMs = 3 * timeoutMs;

/** SB-R2: Redis hangs: its sockets stay open and nothing is answered. */
export const redisHung: Experiment = {
  title: `SIGSTOP of Redis under ${perSecond} questions per second`,
  missing: () => redisMissing("own"),
  run: async ({ seed, outageMs }) => {
    const server = await startRedis({ own: true });
    const app = await startRagApp(seed);
    const cache = new RedisCache({ url: server.url, timeoutMs });
    try {
      const uncached = app.load(perSecond, undefined);
      await sleep(warmUpMs);
      const baseline = percentile(await uncached.stop(), 0.99);
      const load = app.load(perSecond, cache);
      await sleep(warmUpMs);
      const hungAt = load.now();
      server.signal("SIGSTOP");
      await sleep(outageMs);
      server.signal("SIGCONT");
      const backAt = load.now();
      await sleep(3_000);
      const hits = cache.stats().hits;
      await sleep(500);
      const samples = await load.stop();
      const opening = between(samples, hungAt, hungAt + openingMs);
      const open = between(samples, hungAt + openingMs, backAt);
      return [
        exactly("failed requests", countOf(samples, "failed"), 0),
        exactly("wrong answers", countOf(samples, "wrong"), 0),
        exactly("used again afterwards", cache.stats().hits > hits ? 1 : 0, 1),
        shown("p99 without a cache", baseline, "ms"),
        atMost(
          "p99 until the breaker opens, above that",
          percentile(opening, 0.99) - baseline,
          timeoutMs + 50,
          "ms",
        ),
        atMost("p99 once it is open, above that", percentile(open, 0.99) - baseline, 5, "ms"),
        atMost("p50 once it is open, above that", percentile(open, 0.5) - baseline, 5, "ms"),
      ];
    } finally {
      await cache.close();
      await app.close();
      await server.close();
    }
  },
};
