import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisMissing, startRedis, type RedisServer } from "../../../../../tests/servers/redis.ts";
import { createRedisUsage } from "../redis-usage.ts";
import { createRedisRates } from "./redis-rates.ts";

const missing = await redisMissing("own");

describe.skipIf(missing !== undefined)(
  `limits in Redis${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis({ own: true });
    });
    afterAll(() => redis.close());

    const rate = { requests: 5, perMs: 60_000 };

    test("counts the requests of several processes together, and tells the time to wait (T60)", async () => {
      const processes = [createRedisRates({ urls: [redis.url] }), createRedisRates({ urls: [redis.url] })];
      const taken = Array.from({ length: 20 }, async (_, i) => await processes[i % 2]?.take("shared", rate));
      const decisions = await Promise.all(taken);
      expect(decisions.filter((one) => one?.isAllowed)).toHaveLength(5);
      const refused = decisions.find((one) => one?.isAllowed === false);
      expect(refused?.waitMs).toBeGreaterThan(11_000);
      expect(refused?.waitMs).toBeLessThanOrEqual(12_000);
      expect((await processes[0]?.take("other", rate))?.remaining).toBe(4);
      await Promise.all(processes.map((one) => one.close()));
    });

    test("meters the use of several processes together, and keeps it while Redis is down (Q61)", async () => {
      const processes = [1, 2].map(() => createRedisUsage({ urls: [redis.url] }));
      const [here, there] = processes;
      const acme = { id: "a", tenant: "acme", permissions: new Set<never>() };
      for (const one of processes) one.countRequest(acme);
      here?.countTokens(acme, { promptTokens: 7, completionTokens: 3 });
      await here?.entries();
      const used = { tenant: "acme", key: undefined, requests: 2, promptTokens: 7, completionTokens: 3 };
      await expect.poll(async () => await there?.entries()).toMatchObject([used]);
      redis.signal("SIGSTOP");
      here?.countRequest({ ...acme, tenant: undefined });
      await expect(here?.entries()).rejects.toMatchObject({ code: "usage_unreachable" });
      redis.signal("SIGCONT");
      const operator = { tenant: undefined, key: "a", requests: 1 };
      const both = expect.arrayContaining([expect.objectContaining(used), expect.objectContaining(operator)]);
      await expect.poll(async () => await here?.entries().catch(() => [])).toEqual(both);
      await Promise.all(processes.map((one) => one.close()));
    });

    test("counts by itself while Redis is down or hangs, and together again afterwards (T60)", async () => {
      const warnings: string[] = [];
      const rates = createRedisRates({ urls: [redis.url], onWarning: (message) => warnings.push(message) });
      expect((await rates.take("k", rate)).isAllowed).toBe(true);
      redis.signal("SIGSTOP");
      const hung = [];
      const startedAt = performance.now();
      for (let i = 0; i < 7; i++) hung.push((await rates.take("k", rate)).isAllowed);
      redis.signal("SIGCONT");
      expect(performance.now() - startedAt).toBeLessThan(1000); // only the first request waits for Redis
      expect(hung.filter(Boolean)).toHaveLength(5);
      await expect
        .poll(async () => (await rates.take("again", rate), warnings.length), { timeout: 5000 })
        .toBe(2);
      expect(warnings).toEqual([
        "limits: Redis fails, so each process counts by itself",
        "limits: Redis counts again",
      ]);
      await rates.close();
    });
  },
);
