import { getEventListeners } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AdmissionError } from "../../errors/admission-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createLimiter, type AcquireOptions, type Limiter, type Permit } from "./create-limiter.ts";

/** Asks for permits and notes, in order, which were granted and which were refused. */
function watched(limiter: Limiter) {
  const log: string[] = [];
  const permits = new Map<string, Permit>();
  const ask = (name: string, options?: AcquireOptions): void => {
    limiter.acquire(options).then(
      (permit) => {
        permits.set(name, permit);
        log.push(name);
      },
      (error: unknown) =>
        log.push(`${name}: ${AdmissionError.isInstance(error) ? error.code : String(error)}`),
    );
  };
  const settle = async (): Promise<readonly string[]> => {
    await new Promise((resolve) => setImmediate(resolve));
    return log.splice(0);
  };
  return { ask, settle, release: (name: string) => permits.get(name)?.release() };
}

test("runs calls up to the limit, and the next ones in order of arrival as others end (Q1)", async () => {
  const limiter = createLimiter({ limit: 2 });
  const { ask, settle, release } = watched(limiter);
  for (const name of ["a", "b", "c", "d"]) ask(name);
  expect(await settle()).toEqual(["a", "b"]);
  expect([limiter.inUse, limiter.waiting]).toEqual([2, 2]);
  release("b");
  release("b");
  expect(await settle()).toEqual(["c"]);
  release("a");
  expect(await settle()).toEqual(["d"]);
});

test("runs higher priorities first", async () => {
  const { ask, settle, release } = watched(createLimiter({ limit: 1 }));
  ask("running");
  ask("bulk 1", { priority: -1 });
  ask("normal 1");
  ask("urgent", { priority: 5 });
  ask("normal 2");
  expect(await settle()).toEqual(["running"]);
  const order: string[] = [];
  for (let last = "running"; order.length < 4; last = order.at(-1) ?? "") {
    release(last);
    order.push(...(await settle()));
  }
  expect(order).toEqual(["urgent", "normal 1", "normal 2", "bulk 1"]);
});

test("counts weights, keeps lighter calls behind a heavy one, and runs a call over the limit alone", async () => {
  const { ask, settle, release } = watched(createLimiter({ limit: 10 }));
  ask("six", { weight: 6 });
  ask("twelve", { weight: 12 });
  ask("one", { weight: 1 });
  expect(await settle()).toEqual(["six"]);
  release("six");
  expect(await settle()).toEqual(["twelve"]);
  release("twelve");
  expect(await settle()).toEqual(["one"]);
});

test("runs a heavy call after calls whose fractional weights do not add up exactly", async () => {
  const limiter = createLimiter({ limit: 1 });
  const { ask, settle, release } = watched(limiter);
  ask("a", { weight: 0.1 });
  ask("b", { weight: 0.2 });
  await settle();
  release("a");
  release("b");
  expect(limiter.inUse).toBe(0);
  ask("heavy", { weight: 5 });
  expect(await settle()).toEqual(["heavy"]);
});

test("refuses the newest call of the lowest priority if the queue is full", async () => {
  const limiter = createLimiter({ limit: 1, maxWaiting: 2 });
  const { ask, settle } = watched(limiter);
  ask("running");
  ask("bulk", { priority: -1 });
  ask("normal");
  ask("late");
  expect(await settle()).toEqual(["running", "bulk: overloaded"]);
  ask("too late");
  expect(await settle()).toEqual(["too late: overloaded"]);
  const error = await limiter.acquire().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "AdmissionError", retryable: true });
  expect(limiter.waiting).toBe(2);
});

test("refuses only a call that is too heavy for a queue with a bound on weight", async () => {
  const { ask, settle } = watched(createLimiter({ limit: 1, maxWaitingWeight: 10 }));
  ask("running");
  ask("nine", { weight: 9 });
  ask("eleven", { weight: 11, priority: 9 });
  ask("two", { weight: 2 });
  ask("one", { weight: 1 });
  expect(await settle()).toEqual(["running", "eleven: overloaded", "two: overloaded"]);
});

test("removes a call from the queue at an abort or a deadline, and leaves no timer or listener", async () => {
  const clock = new FakeClock();
  const limiter = createLimiter({ limit: 10, clock });
  const { ask, settle } = watched(limiter);
  const controller = new AbortController();
  ask("nine", { weight: 9 });
  ask("heavy", { weight: 8, signal: controller.signal });
  ask("light");
  expect(await settle()).toEqual(["nine"]);
  controller.abort("left");
  expect(await settle()).toEqual(["heavy: left", "light"]);
  const late = limiter.acquire({ deadlineAt: clock.now() + 100 }).catch((error: unknown) => error);
  await clock.advance(100);
  const error = await late;
  expect(TimeoutError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ phase: "queue", afterMs: 100 });
  await expect(limiter.acquire({ signal: controller.signal })).rejects.toBe("left");
  expect([limiter.waiting, limiter.inUse, clock.pendingTimers]).toEqual([0, 10, 0]);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("releases the permit after a success, a failure and an abort at the same time", async () => {
  const limiter = createLimiter({ limit: 1 });
  expect(await limiter.run(() => Promise.resolve(7))).toBe(7);
  await expect(limiter.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  const controller = new AbortController();
  const held = await limiter.acquire();
  const started: string[] = [];
  const run = limiter.run(async () => started.push("started"), { signal: controller.signal });
  held.release();
  controller.abort("left");
  await expect(run).rejects.toBe("left");
  expect([started, limiter.inUse]).toEqual([[], 0]);
});

test("applies a changed limit immediately", async () => {
  const limiter = createLimiter({ limit: 1 });
  const { ask, settle, release } = watched(limiter);
  for (const name of ["a", "b", "c"]) ask(name);
  limiter.setLimit(3);
  expect(await settle()).toEqual(["a", "b", "c"]);
  limiter.setLimit(1);
  ask("d");
  release("a");
  release("b");
  expect(await settle()).toEqual([]);
  release("c");
  expect(await settle()).toEqual(["d"]);
  expect(() => limiter.setLimit(0)).toThrow(ConfigurationError);
});

test("never exceeds the limit and loses no call under random operations", async () => {
  const call = fc.record({
    weight: fc.integer({ min: 1, max: 6 }),
    priority: fc.integer({ min: -1, max: 1 }),
    steps: fc.nat(3),
    aborts: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { maxLength: 25 }),
      fc.integer({ min: 1, max: 8 }),
      async (calls, limit) => {
        const limiter = createLimiter({ limit, maxWaiting: 12 });
        let heaviest = 0;
        const outcomes = calls.map(({ steps, aborts, ...options }) => {
          const controller = new AbortController();
          if (aborts) queueMicrotask(() => controller.abort("left"));
          return limiter.run(
            async () => {
              heaviest = Math.max(heaviest, limiter.inUse > options.weight ? limiter.inUse : 0);
              for (let step = 0; step < steps; step++) await Promise.resolve();
            },
            { ...options, signal: controller.signal },
          );
        });
        await Promise.allSettled(outcomes);
        expect(heaviest).toBeLessThanOrEqual(limit);
        expect([limiter.inUse, limiter.waiting]).toEqual([0, 0]);
      },
    ),
    { numRuns: 200 },
  );
});

test("refuses invalid options and weights", async () => {
  expect(() => createLimiter({ limit: 0 })).toThrow(ConfigurationError);
  const limiter = createLimiter({ limit: 1 });
  for (const weight of [0, -1, Number.NaN, Infinity]) {
    await expect(limiter.acquire({ weight })).rejects.toThrow(ConfigurationError);
  }
  expect(limiter.inUse).toBe(0);
});
