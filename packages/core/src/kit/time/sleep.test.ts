import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { sleep } from "./sleep.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("resolves when the time is over and not before", async () => {
  let awake = false;
  const asleep = sleep(1000).then(() => (awake = true));
  await vi.advanceTimersByTimeAsync(999);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await asleep;
  expect(vi.getTimerCount()).toBe(0);
});

test("sleeps longer than the longest timer of the platform", async () => {
  const thirtyDaysMs = 30 * 24 * 60 * 60 * 1000;
  let awake = false;
  const asleep = sleep(thirtyDaysMs).then(() => (awake = true));
  await vi.advanceTimersByTimeAsync(thirtyDaysMs - 1);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await asleep;
});

test("an abort wakes it with the reason, and neither timer nor listener stays", async () => {
  const controller = new AbortController();
  const asleep = sleep(1000, { signal: controller.signal });
  controller.abort("up");
  await expect(asleep).rejects.toBe("up");
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  await expect(sleep(1, { signal: controller.signal })).rejects.toBe("up");
});

test("no listener stays on the signal after a full sleep", async () => {
  const { signal } = new AbortController();
  const asleep = sleep(10, { signal });
  await vi.advanceTimersByTimeAsync(10);
  await asleep;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a deadline that comes first rejects when it comes", async () => {
  const asleep = sleep(1000, { deadlineAt: Date.now() + 300 }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(300);
  const error = await asleep;
  expect(TimeoutError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: "timeout", afterMs: 300, phase: "wait", retryable: true });
});
