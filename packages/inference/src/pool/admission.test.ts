import { describe, expect, test } from "vitest";
import { scriptedPool, settle } from "./fixtures/scripted-servers.ts";

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
