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

test("resolves when the time has passed, and not earlier", async () => {
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

test("rejects with an abort's reason and leaves no timer and no listener", async () => {
  const controller = new AbortController();
  const asleep = sleep(1000, { signal: controller.signal });
  controller.abort("up");
  await expect(asleep).rejects.toBe("up");
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  await expect(sleep(1, { signal: controller.signal })).rejects.toBe("up");
});

test("leaves no listener on the signal after a full wait", async () => {
  const { signal } = new AbortController();
  const asleep = sleep(10, { signal });
  await vi.advanceTimersByTimeAsync(10);
  await asleep;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("rejects at an earlier deadline", async () => {
  const asleep = sleep(1000, { deadlineAt: Date.now() + 300 }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(300);
  const error = await asleep;
  expect(TimeoutError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: "timeout", afterMs: 300, phase: "wait", retryable: true });
});
