import { TimeoutError, type Embedder } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import {
  failure,
  numbers,
  script,
  scriptedEmbedder,
  scriptedPool,
  settle,
  testClock,
} from "./fixtures/scripted-servers.ts";

type Scripted = ReturnType<typeof scriptedPool>;

/** A pool that knows its latency: each replica answers after 20 ms. */
async function warmPool(options: Parameters<typeof scriptedPool>[0] = {}): Promise<Scripted> {
  const made = scriptedPool(options);
  for (const one of made.scripts) one.delayMs = 20;
  for (let call = 0; call < 60; call++) await answered(made, made.ask());
  return made;
}

async function answered(
  { clock }: Pick<Scripted, "clock">,
  call: Promise<unknown>,
  withinMs = 20,
): Promise<void> {
  await pass(clock, withinMs);
  await call;
}

/** Moves the time in small steps, because the servers' own timers begin some turns after a request. */
async function pass(clock: Scripted["clock"], ms: number, stepMs = 5): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await settle(clock);
    await clock.advance(stepMs);
  }
  await settle(clock);
}

/** Makes the next replica that gets a call slow, and returns its script. */
async function slowCall(made: Scripted): Promise<{ readonly call: Promise<unknown>; readonly slow: number }> {
  for (const one of made.scripts) one.delayMs = 1_000;
  const before = made.scripts.map(({ requests }) => requests);
  const call = made.ask();
  await settle(made.clock);
  const slow = made.scripts.findIndex(({ requests }, index) => requests !== before[index]);
  for (const [index, one] of made.scripts.entries()) if (index !== slow) one.delayMs = 20;
  return { call, slow };
}

describe("a call that is slower than 95 % of the others", () => {
  test("gets a second attempt on another replica, and the first answer counts", async () => {
    const made = await warmPool();
    const { call, slow } = await slowCall(made);
    await pass(made.clock, 35);
    expect(made.pool.status().hedges).toBe(1);
    await pass(made.clock, 20);
    await call;
    expect(made.pool.status().replicas[slow]).toMatchObject({ inUse: 0, outstandingTokens: 0 });
    expect(made.events.filter(({ type }) => type === "hedged")).toHaveLength(1);
  });

  test("makes the replica that lost less attractive, although it never answered", async () => {
    const made = await warmPool();
    const { call, slow } = await slowCall(made);
    const before = made.pool.status().replicas[slow]?.latencyMs ?? 0;
    await pass(made.clock, 60);
    await call;
    expect(made.pool.status().replicas[slow]?.latencyMs).toBeGreaterThan(before);
    expect(made.pool.status().replicas[slow]).toMatchObject({ failures: 0 });
  });

  test("does not get a second attempt without budget, without hedging or for its last attempt", async () => {
    for (const options of [{ hedging: false }, { hedging: { maxShare: 0 } }, { maxAttempts: 1 }] as const) {
      const made = await warmPool(options);
      const { call } = await slowCall(made);
      await answered(made, call, 1_000);
      expect(made.pool.status().hedges).toBe(0);
    }
  });

  test("fails only if both attempts fail, with the records of both", async () => {
    const made = await warmPool({ maxAttempts: 2 });
    const { call } = await slowCall(made);
    const failed = expect(call).rejects.toMatchObject({ kind: "interrupted", attempts: [{}, {}] });
    for (const one of made.scripts) one.error = failure("interrupted");
    await pass(made.clock, 1_100);
    await failed;
  });

  test("ends both attempts when the caller aborts", async () => {
    const made = await warmPool();
    for (const one of made.scripts) one.delayMs = 1_000;
    const controller = new AbortController();
    const left = expect(made.ask({ signal: controller.signal })).rejects.toBe("left");
    await pass(made.clock, 35);
    expect(made.pool.status().replicas.filter(({ inUse }) => inUse === 1)).toHaveLength(2);
    controller.abort("left");
    await left;
    expect(made.pool.status().replicas.map(({ inUse }) => inUse)).toEqual([0, 0, 0]);
  });
});

test("hedges at most 5 % of the calls, also while a third of all answers are slow", async () => {
  const made = await warmPool();
  for (let call = 0; call < 100; call++) {
    for (const [index, one] of made.scripts.entries()) one.delayMs = call % 3 === index ? 100 : 20;
    const answer = made.ask();
    await pass(made.clock, 120, 20);
    await answer;
  }
  const { calls, hedges } = made.pool.status();
  expect(hedges).toBeGreaterThan(0);
  expect(hedges / calls).toBeLessThanOrEqual(0.05);
});

describe("a replica that hangs until the deadline of the call", () => {
  /** Creates a pool whose replica "b" answers nothing from a call on. */
  const withHungReplica = (answersFirst: number) => {
    const clock = testClock();
    const fake = new FakeEmbedder();
    let calls = 0;
    const hang = (deadlineAt: number): Promise<never> =>
      new Promise((_, reject) => {
        const late = new TimeoutError("late", { afterMs: 1, phase: "total" });
        clock.startTimer(Math.max(0, deadlineAt - clock.now()), () => reject(late));
      });
    const driver: Embedder = {
      describe: (options) => fake.describe(options),
      embed: (inputs, options) =>
        (calls += 1) <= answersFirst ? fake.embed(inputs, options) : hang(options.deadlineAt ?? Infinity),
      close: () => fake.close(),
      [Symbol.asyncDispose]: () => fake.close(),
    };
    const pool = createEmbedderPool({
      replicas: [
        { name: "a", driver: scriptedEmbedder(clock, script(5)) },
        { name: "b", driver },
      ],
      hedging: false,
      random: numbers(3),
      clock,
    });
    return { pool, clock };
  };

  test.each([0, 5])("is checked by probes and ejected, after %i answers (Q2)", async (answersFirst) => {
    const { pool, clock } = withHungReplica(answersFirst);
    let failed = 0;
    let failedLate = 0;
    for (let call = 0; call < 60; call++) {
      const answer = pool.embed(["text"], { role: "query", deadlineAt: clock.now() + 500 }).catch(() => {
        failed += 1;
        if (call >= 30) failedLate += 1;
      });
      await settle(clock);
      await clock.advance(600);
      await answer;
    }
    expect(failed).toBeGreaterThan(0);
    expect(failedLate).toBe(0);
    expect(pool.status().replicas[1]?.ejections).toBeGreaterThan(0);
  });
});
