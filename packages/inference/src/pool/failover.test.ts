import {
  BinnacleError,
  ConfigurationError,
  InferenceError,
  RequestError,
  UnsupportedError,
} from "@binnacle/core";
import { createRetryBudget } from "@binnacle/core/kit";
import { describe, expect, test } from "vitest";
import { createBackendPool } from "./create-backend-pool.ts";
import {
  failure,
  numbers,
  script,
  scriptedBackend,
  scriptedPool,
  settle,
  testClock,
} from "./fixtures/scripted-servers.ts";

const question = { messages: [{ role: "user" as const, content: "Why?" }] };
const states = (pool: ReturnType<typeof scriptedPool>["pool"]): readonly string[] =>
  pool.status().replicas.map(({ state }) => state);
const total = (scripts: readonly { readonly requests: number }[]): number =>
  scripts.reduce((sum, { requests }) => sum + requests, 0);

describe("a failure of a replica", () => {
  test("is repeated on another replica at once, and costs the caller nothing (Q3)", async () => {
    const { ask, scripts, pool, clock } = scriptedPool();
    scripts[0].error = failure("unreachable");
    for (let call = 0; call < 20; call++) await ask();
    expect(clock.monotonicNow()).toBe(0);
    expect(scripts[0].requests).toBeGreaterThan(0);
    expect(pool.status()).toMatchObject({ retries: pool.status().replicas[0]?.failures });
  });

  test("ejects the replica after three, checks included, and a probe brings it back (Q2)", async () => {
    const { ask, scripts, pool, events, clock } = scriptedPool();
    scripts[0].error = failure("unreachable");
    while (scripts[0].requests === 0) await ask();
    await settle(clock);
    await clock.advance(100);
    await settle(clock);
    expect(states(pool)[0]).toBe("ejected");
    expect(pool.status().replicas[0]).toMatchObject({ failures: 1 });
    for (let call = 0; call < 20; call++) await ask();
    expect(scripts[0].requests).toBe(3);
    scripts[0].error = undefined;
    await clock.advance(1_000);
    await ask();
    await settle(clock);
    expect(states(pool)).toEqual(["available", "available", "available"]);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["ejected", "restored"]));
  });

  test("is found by the probe alone while it lasts, with growing pauses (Q2)", async () => {
    const { ask, scripts, pool, clock } = scriptedPool({ ejection: { consecutiveFailures: 1 } });
    scripts[0].error = failure("unreachable");
    while (scripts[0].requests < 1) await ask();
    const before = pool.status().replicas[0]?.failures;
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      await clock.advance(pauseMs);
      await ask();
      await settle(clock);
      expect(pool.status().replicas[0]).toMatchObject({
        state: "ejected",
        leftMs: pauseMs * 2,
        failures: before,
      });
    }
    expect(scripts[0].requests).toBe(4);
  });

  test("never ejects the last replica, and all get calls if none is available (Q2)", async () => {
    const { ask, scripts, pool } = scriptedPool({ ejection: { consecutiveFailures: 1 } });
    for (const one of scripts) one.error = failure("unreachable");
    await expect(ask()).rejects.toMatchObject({ kind: "unreachable" });
    for (let call = 0; call < 3; call++)
      await expect(ask({ maxAttempts: 1 })).rejects.toMatchObject({ kind: "unreachable" });
    expect(states(pool).filter((state) => state === "available")).toHaveLength(1);
    for (const one of scripts) one.error = undefined;
    await ask();
  });

  test("is listed with all attempts of the call", async () => {
    const { ask, scripts } = scriptedPool();
    for (const one of scripts) one.error = failure("engine-dead");
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    expect(BinnacleError.isInstance(error) && error.attempts?.map(({ kind }) => kind)).toEqual([
      "engine-dead",
      "engine-dead",
      "engine-dead",
    ]);
    expect(
      BinnacleError.isInstance(error) && new Set(error.attempts?.map(({ replica }) => replica)).size,
    ).toBe(3);
  });
});

describe("blame", () => {
  test.each([
    ["too-long", failure("too-long")],
    ["a mistake in the input", new ConfigurationError("role: unknown")],
  ])("neither repeats nor counts %s, which no replica can answer", async (_name, error) => {
    const { ask, scripts, pool } = scriptedPool({ ejection: { consecutiveFailures: 1 } });
    for (const one of scripts) one.error = error;
    for (let call = 0; call < 10; call++) await expect(ask()).rejects.toBe(error);
    expect(total(scripts)).toBe(10);
    expect(states(pool)).toEqual(["available", "available", "available"]);
  });

  test("tries another replica if one lacks an ability, and counts it against none (Q3)", async () => {
    const { ask, scripts, pool } = scriptedPool({ ejection: { consecutiveFailures: 1 } });
    const error = new UnsupportedError("no images", { capability: "accepts" });
    scripts[0].error = error;
    scripts[1].error = failure("unauthorized");
    for (let call = 0; call < 10; call++) await ask();
    expect(scripts[0].requests + scripts[1].requests).toBeGreaterThan(0);
    expect(states(pool)).toEqual(["available", "available", "available"]);
  });

  test("pauses a replica that is still loading, and does not count it as a failure in a row", async () => {
    const { ask, scripts, pool, clock } = scriptedPool();
    scripts[0].error = failure("loading");
    while (scripts[0].requests === 0) await ask();
    expect(states(pool)[0]).toBe("ejected");
    expect(pool.status().replicas[0]).toMatchObject({ ejections: 0 });
    scripts[0].error = undefined;
    await clock.advance(1_000);
    await ask();
    await settle(clock);
    expect(states(pool)[0]).toBe("available");
  });

  test("shrinks the limit of a full replica and keeps it", async () => {
    const { ask, scripts, pool, clock } = scriptedPool({ ejection: { consecutiveFailures: 1 } });
    await ask();
    scripts[0].error = failure("overloaded");
    const before = pool.status().replicas[0]?.limit ?? 0;
    for (let call = 0; call < 30 && scripts[0].requests < 3; call++) {
      await ask();
      await clock.advance(6_000);
    }
    expect(pool.status().replicas[0]).toMatchObject({ state: "available" });
    expect(pool.status().replicas[0]?.limit).toBeLessThan(before);
  });

  test("never sends a call to a replica before the wait that it asked for", async () => {
    const { ask, scripts, pool, clock } = scriptedPool();
    scripts[0].error = failure("overloaded", 30_000);
    while (scripts[0].requests === 0) await ask();
    scripts[0].error = undefined;
    expect(pool.status().replicas[0]).toMatchObject({ state: "paused", leftMs: 30_000 });
    for (let call = 0; call < 50; call++) await ask();
    expect(scripts[0].requests).toBe(1);
    await clock.advance(29_999);
    for (let call = 0; call < 10; call++) await ask();
    expect(scripts[0].requests).toBe(1);
    await clock.advance(1);
    for (let call = 0; call < 30; call++) await ask();
    expect(scripts[0].requests).toBeGreaterThan(1);
  });

  test("tries a replica again after a minute, even if it asked for a week", async () => {
    const { ask, scripts, pool, clock } = scriptedPool();
    for (const one of scripts) one.error = failure("overloaded", 7 * 86_400_000);
    await expect(ask()).rejects.toMatchObject({ kind: "overloaded" });
    for (const one of scripts) one.error = undefined;
    expect(Math.max(...pool.status().replicas.map(({ leftMs }) => leftMs))).toBe(60_000);
    const next = ask();
    await settle(clock);
    await clock.advance(60_000);
    await next;
  });

  test("waits as long as asked if every replica is full, and then repeats the call", async () => {
    const { ask, scripts, clock } = scriptedPool();
    for (const one of scripts) one.error = failure("overloaded", 5_000);
    const answer = ask({ maxAttempts: 4 });
    await settle(clock);
    await clock.advance(4_999);
    expect(total(scripts)).toBe(3);
    for (const one of scripts) one.error = undefined;
    await clock.advance(1);
    await answer;
    expect(total(scripts)).toBe(4);
  });
});

describe("the budget", () => {
  test("bounds the retries while all replicas fail", async () => {
    const { ask, scripts, pool } = scriptedPool({ hedging: false });
    for (const one of scripts) one.error = failure("overloaded");
    for (let call = 0; call < 500; call++) await ask().catch(() => undefined);
    const { calls, retries } = pool.status();
    expect(total(scripts)).toBe(500 + retries);
    expect(total(scripts) / calls).toBeLessThan(1.2);
  });

  test("is shared by pools that get the same one", async () => {
    const clock = testClock();
    const budget = createRetryBudget({ share: 0, minPerSecond: 0.1, clock });
    const first = scriptedPool({ budget });
    const second = scriptedPool({ budget });
    for (const one of [...first.scripts, ...second.scripts]) one.error = failure("unreachable");
    await expect(first.ask()).rejects.toMatchObject({ attempts: { length: 2 } });
    await expect(second.ask()).rejects.toMatchObject({ attempts: { length: 1 } });
  });

  test("is not charged for a replica that was never reached, so that a dead one fails no call (Q2)", async () => {
    const clock = testClock();
    const budget = createRetryBudget({ share: 0, minPerSecond: 0, clock });
    const { ask, scripts, pool } = scriptedPool({ budget, clock, ejection: { consecutiveFailures: 1_000 } });
    const cause = new RequestError("unreachable", "ECONNREFUSED", { url: "http://a", retryable: true });
    const dead = new InferenceError("no connection", { kind: "unreachable", retryable: true, cause });
    scripts[0].error = dead;
    for (let call = 0; call < 40; call++) await ask();
    expect(scripts[0].requests).toBeGreaterThan(0);
    for (const one of scripts) one.error = dead;
    await expect(ask()).rejects.toMatchObject({ attempts: { length: 3 } });
    expect(pool.status().budgetLeft).toBe(0);
  });

  test("is not charged for the calls that a killed replica was working on (Q2)", async () => {
    const clock = testClock();
    const budget = createRetryBudget({ share: 0, minPerSecond: 0.2, clock });
    const scripts = [script(100), script(100), script(100)] as const;
    const pool = createBackendPool({
      replicas: [
        { name: "a", driver: scriptedBackend(clock, scripts[0]), concurrency: { initial: 30 } },
        { name: "b", driver: scriptedBackend(clock, scripts[1]), concurrency: { initial: 30 } },
        { name: "c", driver: scriptedBackend(clock, scripts[2]), concurrency: { initial: 30 } },
      ],
      hedging: false,
      budget,
      clock,
      random: numbers(7),
    });
    const calls = Array.from({ length: 60 }, () => pool.generate(question));
    await settle(clock);
    scripts[0].error = failure("interrupted");
    for (let turn = 0; turn < 10; turn++) {
      await clock.advance(50);
      await settle(clock);
    }
    await Promise.all(calls);
    expect(pool.status().replicas[0]?.failures).toBeGreaterThan(10);
    expect(pool.status().budgetLeft).toBe(0);
    await pool.close();
  });
});
