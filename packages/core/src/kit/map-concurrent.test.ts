import { EventEmitter, getEventListeners, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { mapConcurrent } from "./map-concurrent.ts";

test("keeps item order and never runs more than `concurrency` calls", async () => {
  const scenario = fc.record({
    delays: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 25 }),
    concurrency: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ delays, concurrency }) => {
      let running = 0;
      let most = 0;
      const results = await mapConcurrent(delays, { concurrency }, async (turns, index) => {
        most = Math.max(most, ++running);
        for (let turn = 0; turn < turns; turn++) await setImmediate();
        running -= 1;
        return index;
      });
      expect(results).toEqual(delays.map((_, index) => index));
      expect(most).toBe(Math.min(concurrency, delays.length));
    }),
    { numRuns: 40 * inject("propertyShare") },
  );
});

test("starts the next item as soon as any call ends", async () => {
  const slow = new EventEmitter();
  const started: number[] = [];
  const all = mapConcurrent([0, 1, 2, 3], { concurrency: 2 }, async (item) => {
    started.push(item);
    if (item === 0) await once(slow, "end");
  });
  await setImmediate();
  expect(started).toEqual([0, 1, 2, 3]);
  slow.emit("end");
  await all;
});

test("reads items of an async source only when a call can start", async () => {
  const hold = new EventEmitter();
  let drawn = 0;
  async function* source(): AsyncGenerator<number> {
    while (drawn < 5) yield drawn++;
  }
  const all = mapConcurrent(source(), { concurrency: 2 }, () => once(hold, "end"));
  await setImmediate();
  expect(drawn).toBe(2);
  hold.emit("end");
  await setImmediate();
  expect(drawn).toBe(4);
  hold.emit("end");
  await setImmediate();
  hold.emit("end");
  expect(await all).toHaveLength(5);
});

test("rejects with the first failure, starts no further call and aborts running calls", async () => {
  const failure = new Error("third");
  const started: number[] = [];
  const signals: AbortSignal[] = [];
  const all = mapConcurrent([1, 2, 3, 4, 5], { concurrency: 3 }, async (item, _index, signal) => {
    started.push(item);
    signals.push(signal);
    if (item === 3) throw failure;
    await new Promise(() => undefined);
  });
  await expect(all).rejects.toBe(failure);
  expect(started).toEqual([1, 2, 3]);
  expect(signals.every((signal) => signal.aborted)).toBe(true);
});

test("rejects with the abort's reason, even while the source hangs, and leaves no listener", async () => {
  const controller = new AbortController();
  async function* hanging(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => undefined);
  }
  const all = mapConcurrent(hanging(), { concurrency: 1, signal: controller.signal }, () =>
    Promise.resolve(),
  );
  await setImmediate();
  controller.abort("enough");
  await expect(all).rejects.toBe("enough");
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("rejects with a source's own error, and closes the source when a call fails", async () => {
  const broken = new Error("source");
  // eslint-disable-next-line require-yield
  const failing = (function* (): Generator<number> {
    throw broken;
  })();
  await expect(mapConcurrent(failing, { concurrency: 2 }, () => Promise.resolve())).rejects.toBe(broken);

  let closed = false;
  function* closing(): Generator<number> {
    try {
      for (;;) yield 1;
    } finally {
      closed = true;
    }
  }
  const failure = new Error("call");
  await expect(mapConcurrent(closing(), { concurrency: 1 }, () => Promise.reject(failure))).rejects.toBe(
    failure,
  );
  expect(closed).toBe(true);
});

test("starts nothing if the signal is already aborted", async () => {
  const signal = AbortSignal.abort("before");
  let calls = 0;
  const all = mapConcurrent([1], { concurrency: 1, signal }, async () => void calls++);
  await expect(all).rejects.toBe("before");
  expect(calls).toBe(0);
});
