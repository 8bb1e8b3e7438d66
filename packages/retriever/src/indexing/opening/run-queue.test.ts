import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunQueue } from "./run-queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("turns come one at a time and in the order asked for; other sources do not wait", async () => {
  const queue = new RunQueue();
  const order: number[] = [];
  const first = await queue.take("a", { waitMs: 0 });
  const rest = [1, 2, 3].map(async (number) => {
    const turn = await queue.take("a", { waitMs: 1000 });
    order.push(number);
    turn.begin();
    turn.end();
  });
  const other = await queue.take("b", { waitMs: 0 });
  expect([order, queue.isBusy("a"), queue.isBusy("b")]).toEqual([[], true, true]);
  first.end();
  await Promise.all(rest);
  other.end();
  expect([order, queue.isBusy("a"), queue.isBusy("b")]).toEqual([[1, 2, 3], false, false]);
  expect(vi.getTimerCount()).toBe(0);
});

test("rejects a waiting caller on an abort and at a deadline, and does not delay the callers behind it", async () => {
  const queue = new RunQueue();
  const first = await queue.take("a", { waitMs: 0 });
  const controller = new AbortController();
  const outcomes = Promise.allSettled([
    queue.take("a", { waitMs: 60_000, signal: controller.signal }),
    queue.take("a", { waitMs: 60_000, deadlineAt: Date.now() + 100 }),
    queue.take("a", { waitMs: 60_000 }),
  ]);
  controller.abort("enough");
  await vi.advanceTimersByTimeAsync(200);
  first.end();
  const [aborted, late, last] = await outcomes;
  expect(aborted).toMatchObject({ status: "rejected", reason: "enough" });
  expect(late).toMatchObject({ status: "rejected", reason: { code: "timeout" } });
  expect(last.status).toBe("fulfilled");
  expect(vi.getTimerCount()).toBe(0);
});

test("waits for a long run as long as its option says, for all callers behind it", async () => {
  const queue = new RunQueue();
  const first = await queue.take("a", { waitMs: 0 });
  first.begin();
  const outcomes = [1, 2, 3].map(async () => {
    const error: unknown = await queue.take("a", { waitMs: 1000 }).catch((reason: unknown) => reason);
    return [error, Date.now()];
  });
  const startedAt = Date.now();
  await vi.advanceTimersByTimeAsync(5000);
  for (const [error, at] of await Promise.all(outcomes)) {
    expect(error).toMatchObject({ code: "lease_held", retryable: true });
    expect(at).toBe(startedAt + 1000);
  }
});

test("restarts the wait with every earlier run that has the lease, but not with a run that waits in vain", async () => {
  const queue = new RunQueue();
  const work = async (hasLease: boolean): Promise<number> => {
    const turn = await queue.take("a", { waitMs: 1000 });
    if (hasLease) turn.begin();
    await new Promise((resolve) => setTimeout(resolve, 800));
    turn.end();
    return turn.givesUpAt - startedAt;
  };
  const startedAt = Date.now();
  const granted = Promise.all([work(true), work(true), work(false), work(true)]);
  await vi.advanceTimersByTimeAsync(10_000);
  // The third never had the lease, so the fourth has waited for it since the second gave it back.
  expect(await granted).toEqual([1000, 1800, 2600, 2600]);
});
