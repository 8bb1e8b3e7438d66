import { getEventListeners } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createBatcher, type BatcherOptions } from "./create-batcher.ts";

/** A batcher whose batches answer with their items in capitals, unless the test says otherwise. */
function shouting(options: Partial<BatcherOptions<string, string>> = {}) {
  const clock = new FakeClock();
  const batches: string[] = [];
  const batcher = createBatcher<string, string>({
    maxItems: 3,
    maxDelayMs: 10,
    clock,
    ...options,
    run: async (items, signal) => {
      batches.push(items.join(" "));
      return (await options.run?.(items, signal)) ?? items.map((item) => item.toUpperCase());
    },
  });
  const addAll = (items: readonly string[]) =>
    Promise.all(items.map((item) => batcher.add(item).catch((error: unknown) => String(error))));
  return { clock, batches, batcher, addAll };
}

/** A run that the test ends by hand. */
function heldRun() {
  const ends: ((outcomes?: readonly string[]) => void)[] = [];
  const signals: AbortSignal[] = [];
  const run = (items: readonly string[], signal: AbortSignal) =>
    new Promise<readonly string[]>((resolve) => {
      signals.push(signal);
      ends.push((outcomes = items) => resolve(outcomes));
    });
  return { run, ends, signals };
}

test("runs full batches immediately and others after the delay, with an outcome per item (Q1)", async () => {
  const { clock, batches, addAll } = shouting();
  const full = addAll(["a", "b", "c"]);
  await clock.advance(0);
  expect(await full).toEqual(["A", "B", "C"]);
  const rest = addAll(["d", "e"]);
  await clock.advance(9);
  expect(batches).toEqual(["a b c"]);
  await clock.advance(1);
  expect(await rest).toEqual(["D", "E"]);
  expect(batches).toEqual(["a b c", "d e"]);
  expect(clock.pendingTimers).toBe(0);
});

test("gathers the items of one turn if the delay is 0", async () => {
  const { clock, batches, addAll } = shouting({ maxDelayMs: 0 });
  void addAll(["a", "b"]);
  await clock.advance(0);
  expect(batches).toEqual(["a b"]);
});

test("moves an item that exceeds a limit to the next batch, and runs a larger item alone (T22)", async () => {
  const { clock, batches, addAll } = shouting({ maxItems: 10, maxBytes: 4, bytesOf: (text) => text.length });
  const outcomes = addAll(["aa", "bb", "ccc", "dd", "eeeeee", "f"]);
  await clock.advance(20);
  await outcomes;
  expect(batches).toEqual(["aa bb", "ccc", "dd", "eeeeee", "f"]);
});

test("holds items while `concurrency` batches are running, and then runs them together", async () => {
  const { run, ends } = heldRun();
  const { clock, batches, batcher, addAll } = shouting({ run });
  const outcomes = addAll(["a", "b", "c", "d"]);
  await clock.advance(50);
  void addAll(["e"]);
  await clock.advance(50);
  expect([batches, batcher.running, batcher.waiting]).toEqual([["a b c"], 1, 2]);
  ends[0]?.();
  await clock.advance(0);
  expect(batches).toEqual(["a b c", "d e"]);
  ends[1]?.();
  expect(await outcomes).toEqual(["a", "b", "c", "d"]);
});

test("rejects only the bad item if the batch identifies it (Q1)", async () => {
  const run = async (items: readonly string[]) =>
    items.map((item) => (item === "b" ? new Error("bad") : item));
  const { addAll } = shouting({ run });
  expect(await addAll(["a", "b", "c"])).toEqual(["a", "Error: bad", "c"]);
});

test("finds and rejects the bad item by splitting a batch that rejects", async () => {
  const run = async (items: readonly string[]) => {
    if (items.includes("bad")) throw new Error("one of them");
    return items;
  };
  const { addAll, batches } = shouting({
    run,
    maxItems: 5,
    splitsOn: (error) => String(error).includes("one"),
  });
  expect(await addAll(["a", "b", "c", "bad", "e"])).toEqual(["a", "b", "c", "Error: one of them", "e"]);
  expect(batches).toEqual(["a b c bad e", "a b c", "bad e", "bad", "e"]);
});

test("rejects all items of a batch that rejects or has too few outcomes, and no others", async () => {
  let round = 0;
  const run = async (items: readonly string[]) => {
    round += 1;
    if (round === 1) throw new Error("down");
    return round === 2 ? items.slice(1) : items;
  };
  const { addAll } = shouting({ run });
  expect(await addAll(["a", "b", "c"])).toEqual(["Error: down", "Error: down", "Error: down"]);
  expect((await addAll(["d", "e", "f"])).every((one) => one.includes("3 items returned 2 outcomes"))).toBe(
    true,
  );
  expect(await addAll(["g", "h", "i"])).toEqual(["g", "h", "i"]);
});

test("removes only the aborted item, while it waits and while its batch runs (Q1)", async () => {
  const { run, ends, signals } = heldRun();
  const { clock, batches, batcher, addAll } = shouting({ run });
  const [waiting, running] = [new AbortController(), new AbortController()];
  const aborted = batcher.add("x", { signal: waiting.signal }).catch((error: unknown) => error);
  waiting.abort("left");
  expect(await aborted).toBe("left");
  const others = addAll(["a", "b"]);
  const late = batcher.add("c", { signal: running.signal }).catch((error: unknown) => error);
  await clock.advance(0);
  expect(batches).toEqual(["a b c"]);
  running.abort("left too");
  expect(await late).toBe("left too");
  expect(signals[0]?.aborted).toBe(false);
  ends[0]?.();
  expect(await others).toEqual(["a", "b"]);
  expect(getEventListeners(running.signal, "abort")).toEqual([]);
  await expect(batcher.add("y", { signal: running.signal })).rejects.toBe("left too");
});

test("aborts a batch once no caller waits for it", async () => {
  const { run, signals } = heldRun();
  const { clock, batcher } = shouting({ run, maxItems: 2 });
  const controllers = [new AbortController(), new AbortController()];
  const outcomes = controllers.map(({ signal }, index) => batcher.add(`${index}`, { signal }));
  await clock.advance(0);
  controllers[0]?.abort("first");
  expect(signals[0]?.aborted).toBe(false);
  controllers[1]?.abort("second");
  expect(signals[0]?.reason).toMatchObject({ code: "abandoned" });
  await expect(Promise.allSettled(outcomes)).resolves.toMatchObject([
    { reason: "first" },
    { reason: "second" },
  ]);
});

test("gives the slot of a run that ignores its abort to the next batch", async () => {
  const { run, signals } = heldRun();
  const { clock, batcher, batches } = shouting({ run, maxItems: 1, concurrency: 1 });
  const controller = new AbortController();
  const left = batcher.add("a", { signal: controller.signal }).catch((error: unknown) => error);
  await clock.advance(0);
  controller.abort("left");
  expect(await left).toBe("left");
  await clock.advance(0);
  expect(batcher.running).toBe(0);
  void batcher.add("b").catch(() => undefined);
  await clock.advance(0);
  expect([batches, signals[0]?.aborted, signals[1]?.aborted]).toEqual([["a", "b"], true, false]);
  await batcher.close();
});

test("rejects the batch's items if `splitsOn` throws, and frees the slot", async () => {
  const run = async (): Promise<never> => {
    throw new Error("down");
  };
  const splitsOn = (): boolean => {
    throw new TypeError("splitsOn broke");
  };
  const { addAll, batcher } = shouting({ run, splitsOn, maxItems: 2, concurrency: 1 });
  for (let round = 0; round < 2; round++)
    expect(await addAll(["a", "b"])).toEqual(Array(2).fill("TypeError: splitsOn broke"));
  expect(batcher.running).toBe(0);
});

test("rejects with a TimeoutError at the deadline and leaves no timer", async () => {
  const { clock, batcher, batches } = shouting({ maxDelayMs: 100 });
  const late = batcher.add("a", { deadlineAt: clock.now() + 50 }).catch((error: unknown) => error);
  await clock.advance(50);
  expect(await late).toMatchObject({ code: "timeout", afterMs: 50 });
  await clock.advance(100);
  expect([batches, batcher.waiting, clock.pendingTimers]).toEqual([[], 0, 0]);
});

test("refuses further items if the queue is full", async () => {
  const { clock, batcher } = shouting({ run: heldRun().run, maxWaiting: 2 });
  for (const item of ["a", "b", "c", "d", "e"]) {
    void batcher.add(item).catch(() => undefined);
    await clock.advance(0);
  }
  await expect(batcher.add("f")).rejects.toMatchObject({ code: "overloaded", retryable: true });
  expect(batcher.waiting).toBe(2);
  await batcher.close();
});

test("rejects waiting items and aborts running batches on close, and refuses later items", async () => {
  const { run, signals } = heldRun();
  const { clock, batcher, addAll } = shouting({ run });
  const outcomes = addAll(["a", "b", "c", "d"]);
  await clock.advance(0);
  await batcher.close();
  await batcher.close();
  expect((await outcomes).every((one) => one.includes("This batcher is closed"))).toBe(true);
  expect(signals[0]?.aborted).toBe(true);
  await expect(batcher.add("e")).rejects.toMatchObject({ code: "closed" });
  expect(clock.pendingTimers).toBe(0);
});

test("gives every item its own outcome under random arrivals, failures and aborts", async () => {
  const step = fc.record({
    waitMs: fc.nat(15),
    leaves: fc.boolean(),
    weight: fc.integer({ min: 1, max: 5 }),
  });
  const bounds = fc.record({
    maxItems: fc.integer({ min: 1, max: 5 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), bounds, async (steps, limits) => {
      const clock = new FakeClock();
      const order: number[] = [];
      const batcher = createBatcher<{ id: number; weight: number }, number>({
        ...limits,
        maxTokens: 8,
        tokensOf: ({ weight }) => weight,
        maxDelayMs: 10,
        clock,
        run: async (items) => {
          order.push(...items.map(({ id }) => id));
          expect(items.length === 1 || items.reduce((sum, { weight }) => sum + weight, 0) <= 8).toBe(true);
          await Promise.resolve();
          return items.map(({ id }) => (id % 7 === 3 ? new Error(`bad ${id}`) : id));
        },
      });
      const outcomes: Promise<unknown>[] = [];
      for (const [id, { waitMs, leaves, weight }] of steps.entries()) {
        const controller = new AbortController();
        const outcome = batcher.add({ id, weight }, { signal: controller.signal });
        outcomes.push(outcome.catch((error: unknown) => String(error)));
        if (leaves) controller.abort(`left ${id}`);
        await clock.advance(waitMs);
      }
      await clock.advance(1_000);
      const expected = steps.map(({ leaves }, id) =>
        id % 7 === 3 ? `Error: bad ${id}` : leaves ? `left ${id}` : id,
      );
      const seen = await Promise.all(outcomes);
      seen.forEach((one, id) => expect(one === expected[id] || one === `left ${id}`).toBe(true));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect([batcher.waiting, batcher.running, clock.pendingTimers]).toEqual([0, 0, 0]);
    }),
    { numRuns: 60 },
  );
});

test("refuses invalid options", () => {
  const run = async (items: readonly string[]) => items;
  expect(() => createBatcher({ maxItems: 0, run })).toThrow(ConfigurationError);
  expect(() => createBatcher({ maxItems: 1, maxTokens: 5, run })).toThrow(/tokensOf/);
  expect(() => createBatcher({ maxItems: 1, maxDelayMs: -1, run })).toThrow(/maxDelayMs/);
});
