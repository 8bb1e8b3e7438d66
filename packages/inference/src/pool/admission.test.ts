import { describe, expect, test } from "vitest";
import { createBackendPool } from "./create-backend-pool.ts";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import {
  failure,
  script,
  scriptedBackend,
  scriptedEmbedder,
  scriptedPool,
  settle,
  testClock,
} from "./fixtures/scripted-servers.ts";

/** A pool with one slot per replica, whose replicas answer after 100 ms. */
function busyPool(options: Parameters<typeof scriptedPool>[0] = {}): ReturnType<typeof scriptedPool> {
  const made = scriptedPool({ hedging: false, ...options });
  for (const one of made.scripts) one.delayMs = 100;
  return made;
}

const longText = "x".repeat(400); // about 100 tokens

describe("a call without a free slot", () => {
  test("waits for the first slot, and never exceeds the limits", async () => {
    const { pool, clock } = busyPool();
    const calls = Array.from({ length: 12 }, () => pool.embed(["text"], { role: "query" }));
    await settle(clock);
    await clock.advance(50);
    const most = Math.max(...pool.status().replicas.map(({ inUse, limit }) => inUse - limit));
    expect(most).toBeLessThanOrEqual(0);
    await clock.advance(1_000);
    await Promise.all(calls);
    expect(pool.status()).toMatchObject({ queued: 0, queuedTokens: 0 });
  });

  test("is refused with a typed error if the queue is full, and tells what to do", async () => {
    const { pool, clock } = busyPool({ maxQueuedTokens: 150 });
    await startedCalls(pool, clock);
    const waiting = pool.embed([longText], { role: "query" });
    await settle(clock);
    await expect(pool.embed([longText], { role: "query" })).rejects.toMatchObject({
      name: "AdmissionError",
      code: "overloaded",
      retryable: true,
      message: expect.stringMatching(/maxQueuedTokens.*150 tokens may wait.*add a replica/),
    });
    expect(pool.status()).toMatchObject({ queued: 1, queuedTokens: 100 });
    await clock.advance(1_000);
    await waiting;
  });

  test("makes room for a call of higher priority, which also runs first", async () => {
    const { pool, clock } = busyPool({ maxQueuedTokens: 150 });
    await startedCalls(pool, clock);
    const low = pool.embed([longText], { role: "query" });
    const refused = expect(low).rejects.toMatchObject({ code: "overloaded" });
    await settle(clock);
    const high = pool.embed([longText], { role: "query", priority: 1 });
    await settle(clock);
    await refused;
    await clock.advance(1_000);
    await high;
  });

  test("leaves the queue when its caller aborts, with the caller's reason", async () => {
    const { pool, clock } = busyPool();
    await startedCalls(pool, clock);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const left = expect(pool.embed(["text"], { role: "query", signal: controller.signal })).rejects.toBe(
      reason,
    );
    await settle(clock);
    expect(pool.status().queued).toBe(1);
    controller.abort(reason);
    expect(pool.status()).toMatchObject({ queued: 0, queuedTokens: 0 });
    await left;
  });

  test("leaves the queue at its deadline, with a timeout of phase queue", async () => {
    const { pool, clock, scripts } = busyPool();
    for (const one of scripts) one.delayMs = 60_000;
    await startedCalls(pool, clock);
    const deadlineAt = clock.now() + 5_000;
    const late = expect(pool.embed(["text"], { role: "query", deadlineAt })).rejects.toMatchObject({
      code: "timeout",
      phase: "queue",
    });
    await settle(clock);
    await clock.advance(5_000);
    await late;
    expect(pool.status().queued).toBe(0);
  });

  test("returns to a replica that failed it if the other one is drained meanwhile", async () => {
    const { pool, clock, ask, running } = await oneFailedAndOneBusy();
    const drained = pool.drain("b");
    await clock.advance(2_000);
    await Promise.all([drained, ask, running]);
    expect(pool.status()).toMatchObject({ queued: 0, queuedTokens: 0 });
  });

  test("returns to a replica that failed it if the other one is ejected meanwhile", async () => {
    const { pool, clock, ask, running, scripts } = await oneFailedAndOneBusy();
    scripts[1].error = failure("unreachable");
    await clock.advance(980);
    await settle(clock);
    expect(pool.status().replicas[1]).toMatchObject({ state: "ejected" });
    for (let turn = 0; turn < 5; turn++) {
      await clock.advance(100);
      await settle(clock);
    }
    await Promise.all([ask, running]);
  });

  test("is refused if the last replica of its model is drained", async () => {
    const clock = testClock();
    const replica = (name: string) => {
      const driver = scriptedBackend(clock, script(100));
      return { name, driver, models: { [name]: name }, concurrency: { initial: 1, max: 1 } };
    };
    const pool = createBackendPool({ replicas: [replica("x"), replica("y")], hedging: false, clock });
    const request = { model: "x", messages: [{ role: "user" as const, content: "Why?" }] };
    const first = pool.generate(request);
    const second = expect(pool.generate(request)).rejects.toThrow(/no replica of the pool serves it/);
    await settle(clock);
    const drained = pool.drain("x");
    await second;
    expect(pool.status().queued).toBe(0);
    await clock.advance(100);
    await Promise.all([first, drained]);
  });

  test("is refused when the pool closes", async () => {
    const { pool, clock } = busyPool();
    await startedCalls(pool, clock);
    const waiting = expect(pool.embed(["text"], { role: "query" })).rejects.toMatchObject({ code: "closed" });
    await settle(clock);
    await pool.close();
    await waiting;
    expect(clock.pendingTimers).toBe(6); // the scripted servers' own
  });

  test("does not wait for a tenant that floods the queue", async () => {
    const { pool, clock } = busyPool();
    await startedCalls(pool, clock);
    const done: string[] = [];
    const call = async (tenant: string): Promise<void> => {
      await pool.embed(["text"], { role: "query", tenant });
      done.push(tenant);
    };
    const flood = Array.from({ length: 30 }, () => call("flood"));
    await settle(clock);
    const quiet = call("quiet");
    await settle(clock);
    await clock.advance(2_000);
    await Promise.all([...flood, quiet]);
    expect(done.indexOf("quiet")).toBeLessThan(6);
  });
});

describe("a call of many slices", () => {
  // Slices of 32 texts, of about 800 tokens each. The queue holds one of them.
  const many = Array.from({ length: 600 }, () => longText.slice(0, 100));

  test("has one place in the queue, however large it is", async () => {
    const { pool, clock } = busyPool({ maxQueuedTokens: 1_000 });
    await startedCalls(pool, clock);
    const large = pool.embed(many, { role: "document" });
    const queued: number[] = [];
    for (let step = 0; step < 30; step++) {
      await settle(clock);
      queued.push(pool.status().queued);
      await clock.advance(50);
    }
    expect((await large).outcomes).toHaveLength(600);
    expect(Math.max(...queued)).toBe(1);
    expect(pool.status()).toMatchObject({ queued: 0, queuedTokens: 0 });
  });

  test("is not refused after its first slice, so that no work is lost", async () => {
    const { pool, clock } = busyPool({ maxQueuedTokens: 1_000 });
    await pool.describe();
    const large = pool.embed(many, { role: "document" });
    let refused = 0;
    for (let step = 0; step < 60; step++) {
      await settle(clock);
      for (let call = 0; call < 8; call++)
        void pool.embed([longText], { role: "query", priority: 1 }).catch(() => (refused += 1));
      await settle(clock);
      await clock.advance(10);
    }
    for (let step = 0; step < 40; step++) {
      await clock.advance(100);
      await settle(clock);
    }
    expect((await large).outcomes).toHaveLength(600);
    expect(refused).toBeGreaterThan(0);
  });

  test("is cut into slices that the queue can hold", async () => {
    const { pool, clock } = busyPool({ maxQueuedTokens: 200 });
    await startedCalls(pool, clock);
    const large = pool.embed(many.slice(0, 32), { role: "document" });
    await settle(clock);
    expect(pool.status()).toMatchObject({ queued: 1, queuedTokens: 200 });
    for (let step = 0; step < 10; step++) {
      await clock.advance(100);
      await settle(clock);
    }
    expect((await large).outcomes).toHaveLength(32);
  });
});

/** Creates a pool in which "a" has failed a call, which waits for "b", whose only slot is taken. */
async function oneFailedAndOneBusy() {
  const clock = testClock();
  const scripts = [script(10), script(1_000)] as const;
  const replica = (name: string, index: 0 | 1) => {
    const driver = scriptedEmbedder(clock, scripts[index]);
    return { name, driver, concurrency: { initial: 1, max: 1 } };
  };
  const pool = createEmbedderPool({
    replicas: [replica("a", 0), replica("b", 1)],
    ejection: { consecutiveFailures: 1 },
    hedging: false,
    random: () => 0,
    clock,
  });
  await pool.describe();
  await settle(clock);
  scripts[0].error = failure("overloaded");
  const [ask, running] = [pool.embed(["x"], { role: "query" }), pool.embed(["y"], { role: "query" })];
  await settle(clock);
  await clock.advance(20);
  scripts[0].error = undefined;
  await settle(clock);
  expect(pool.status().queued).toBe(1);
  return { pool, clock, scripts, ask, running };
}

/** Fills all slots of the pool. The fake embedders report two slots each. */
async function startedCalls(
  pool: ReturnType<typeof scriptedPool>["pool"],
  clock: ReturnType<typeof scriptedPool>["clock"],
): Promise<void> {
  await pool.describe();
  await settle(clock);
  for (let call = 0; call < 3; call++) await pool.describe();
  await settle(clock);
  const free = (): boolean => pool.status().replicas.some(({ inUse, limit }) => inUse < limit);
  while (free()) {
    void pool.embed(["text"], { role: "query" }).catch(() => undefined);
    await settle(clock);
  }
}
