import { describe, expect, test } from "vitest";
import { createBackendPool } from "./create-backend-pool.ts";
import { failure, script, scriptedBackend, settle, testClock } from "./fixtures/scripted-servers.ts";

const question = { messages: [{ role: "user" as const, content: "Why?" }] };

describe("tiers", () => {
  test("keeps all calls on the first tier while it works, and returns to it (Q3)", async () => {
    const clock = testClock();
    const [main, spare] = [script(), script()];
    const pool = createBackendPool({
      replicas: [
        { name: "spare", driver: scriptedBackend(clock, spare), tier: 1 },
        { name: "main", driver: scriptedBackend(clock, main) },
      ],
      ejection: { consecutiveFailures: 2 },
      clock,
    });
    const askMany = async (count: number): Promise<void> => {
      for (let call = 0; call < count; call++) await pool.generate(question);
    };
    await askMany(10);
    expect([main.requests, spare.requests]).toEqual([10, 0]);
    main.error = failure("unreachable");
    await askMany(10);
    expect([main.requests, spare.requests]).toEqual([12, 10]);
    main.error = undefined;
    await clock.advance(1_000);
    await askMany(1);
    await settle(clock);
    await askMany(10);
    expect(main.requests).toBe(22);
    await pool.close();
  });

  test("divides the calls of a tier by weight while both replicas are busy (Q3)", async () => {
    const clock = testClock();
    const [large, small] = [script(100), script(100)];
    const pool = createBackendPool({
      replicas: [
        { name: "large", driver: scriptedBackend(clock, large), weight: 3, concurrency: { initial: 100 } },
        { name: "small", driver: scriptedBackend(clock, small), weight: 1, concurrency: { initial: 100 } },
      ],
      followPrefixes: false,
      hedging: false,
      clock,
    });
    const calls = Array.from({ length: 80 }, () => pool.generate(question));
    await settle(clock);
    await clock.advance(200);
    await Promise.all(calls);
    expect([large.requests, small.requests]).toEqual([60, 20]);
    await pool.close();
  });
});
