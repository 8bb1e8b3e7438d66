import fc from "fast-check";
import { expect, test } from "vitest";
import { FairQueue, type QueueEntry } from "./fair-queue.ts";

interface Call extends QueueEntry {
  readonly id: number;
}

const call = (id: number, given: Partial<Call> = {}): Call => ({
  id,
  priority: 0,
  tenant: "",
  cost: 10,
  hasBegun: false,
  ...given,
});
const ids = (entries: Iterable<Call>): readonly number[] => [...entries].map(({ id }) => id);

function queueOf(maxCost: number, calls: readonly Call[]): FairQueue<Call> {
  const queue = new FairQueue<Call>(maxCost);
  for (const one of calls) queue.add(one);
  return queue;
}

test("keeps the order of arrival for one tenant, and puts higher priorities first", () => {
  const queue = queueOf(1_000, [
    call(1),
    call(2),
    call(3, { priority: 5 }),
    call(4),
    call(5, { priority: 5 }),
  ]);
  expect(ids(queue)).toEqual([3, 5, 1, 2, 4]);
});

test("gives each tenant an equal share, however many calls one of them sends (Q1)", () => {
  const flood = Array.from({ length: 6 }, (_, index) => call(index, { tenant: "flood" }));
  const queue = queueOf(1_000, [...flood, call(10, { tenant: "quiet" }), call(11, { tenant: "quiet" })]);
  expect(ids(queue)).toEqual([0, 10, 1, 11, 2, 3, 4, 5]);
});

test("counts tokens and not calls: a tenant with long calls waits longer", () => {
  const long = [call(1, { tenant: "long", cost: 30 }), call(2, { tenant: "long", cost: 30 })];
  const short = [3, 4, 5, 6].map((id) => call(id, { tenant: "short" }));
  expect(ids(queueOf(1_000, [...long, ...short]))).toEqual([1, 3, 4, 5, 2, 6]);
});

test("gives a tenant that comes later no turns for the time before", () => {
  const queue = queueOf(
    1_000,
    [1, 2, 3, 4].map((id) => call(id, { tenant: "early" })),
  );
  for (const entry of [...queue].slice(0, 3)) queue.take(entry);
  for (const id of [5, 6, 7]) queue.add(call(id, { tenant: "late" }));
  expect(ids(queue)).toEqual([5, 4, 6, 7]);
});

test("refuses the last calls beyond the bound, which are those of the tenant that floods", () => {
  const queue = queueOf(
    50,
    [1, 2, 3, 4, 5].map((id) => call(id, { tenant: "flood" })),
  );
  queue.add(call(6, { tenant: "quiet" }));
  expect(ids(queue.shed())).toEqual([5]);
  expect(ids(queue)).toEqual([1, 6, 2, 3, 4]);
});

test("refuses a call that alone exceeds the bound, and keeps the others", () => {
  const queue = queueOf(50, [call(1), call(2), call(3, { cost: 60, priority: 9 })]);
  expect(ids(queue.shed())).toEqual([3]);
  expect(ids(queue)).toEqual([1, 2]);
});

test("never refuses a call that has begun, and refuses others in its place", () => {
  const queue = queueOf(
    50,
    [1, 2, 3, 4, 5].map((id) => call(id)),
  );
  queue.add(call(6, { cost: 60, hasBegun: true }));
  expect(ids(queue.shed())).toEqual([5, 4, 3, 2, 1]);
  queue.add(call(7));
  expect([ids(queue.shed()), ids(queue)]).toEqual([[7], [6]]);
});

test("stays in order while calls leave and come during a walk through it", () => {
  const queue = queueOf(
    1_000,
    [1, 2, 3, 4, 5, 6].map((id) => call(id)),
  );
  const seen: number[] = [];
  for (const entry of queue) {
    seen.push(entry.id);
    if (entry.id === 2) for (const other of [...queue].slice(0, 3)) queue.remove(other);
    if (entry.id === 4) queue.add(call(7, { priority: 1 }));
    if (entry.id === 5) queue.add(call(8));
  }
  expect(seen).toEqual([1, 2, 4, 5, 6, 8]);
  expect(ids(queue)).toEqual([7, 4, 5, 6, 8]);
});

test("takes about the same time for a call of a long queue as for a call of a short queue", () => {
  const msPerCall = (waiting: number): number => {
    const calls = Array.from({ length: waiting }, (_, id) => call(id, { tenant: String(id % 7) }));
    const queue = queueOf(Infinity, calls);
    const startedAt = performance.now();
    for (let id = waiting; id < waiting + 500; id++) {
      const [first] = queue;
      if (first !== undefined) queue.take(first);
      queue.add(call(id));
      queue.shed();
    }
    return (performance.now() - startedAt) / 500;
  };
  msPerCall(1_000);
  expect(msPerCall(20_000)).toBeLessThan(0.02 + 20 * msPerCall(100));
});

test("holds each call exactly once and never more than its bound", () => {
  const anyCall = fc.record({
    priority: fc.integer({ min: -2, max: 2 }),
    tenant: fc.constantFrom("a", "b", "c"),
    cost: fc.integer({ min: 1, max: 80 }),
    hasBegun: fc.constant(false),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(anyCall, fc.constantFrom("add", "take", "leave"))), (steps) => {
      const queue = new FairQueue<Call>(100);
      const ended: number[] = [];
      for (const [id, [given, action]] of steps.entries()) {
        queue.add({ ...given, id });
        ended.push(...ids(queue.shed()));
        const [first] = queue;
        if (action === "take" && first !== undefined) queue.take(first);
        if (action === "leave" && first !== undefined) queue.remove(first);
        if (action !== "add" && first !== undefined) ended.push(first.id);
        expect(queue.cost).toBeLessThanOrEqual(100);
        expect(queue.cost).toBe([...queue].reduce((sum, { cost }) => sum + cost, 0));
      }
      expect([...ended, ...ids(queue)].toSorted((a, b) => a - b)).toEqual(steps.map((_, id) => id));
    }),
  );
});
