import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { createDeadline } from "./deadline.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("aborts with the name and limit of a phase that takes too long", async () => {
  using deadline = createDeadline({ label: "store" });
  deadline.enter("headers", 100);
  await vi.advanceTimersByTimeAsync(99);
  expect(deadline.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(TimeoutError.isInstance(deadline.signal.reason)).toBe(true);
  expect(deadline.signal.reason).toMatchObject({ phase: "headers", afterMs: 100, code: "timeout" });
});

test("ends a phase when the next one starts, and restarts the timer of a phase", async () => {
  using deadline = createDeadline({ label: "backend" });
  deadline.enter("first-token", 100);
  await vi.advanceTimersByTimeAsync(90);
  for (let token = 0; token < 50; token++) {
    deadline.enter("idle", 30);
    await vi.advanceTimersByTimeAsync(29);
  }
  expect(deadline.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(deadline.signal.reason).toMatchObject({ phase: "idle", afterMs: 30 });
});

test("bounds a phase without a limit by the earlier of totalMs and deadlineAt", async () => {
  const deadlineAt = Date.now() + 500;
  using deadline = createDeadline({ label: "call", deadlineAt, totalMs: 800 });
  expect(deadline.deadlineAt).toBe(deadlineAt);
  deadline.enter("headers", 100);
  deadline.enter("body");
  await vi.advanceTimersByTimeAsync(500);
  expect(deadline.signal.reason).toMatchObject({ phase: "total", afterMs: 500 });
  expect(String(deadline.signal.reason)).toContain("call: not done (in body) after 500 ms");
});

test("aborts immediately if the deadline has passed", () => {
  using deadline = createDeadline({ label: "late", deadlineAt: Date.now() - 1 });
  expect(deadline.signal.reason).toMatchObject({ phase: "total", afterMs: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test("aborts with the caller's reason unwrapped, before and during the call", () => {
  const controller = new AbortController();
  using deadline = createDeadline({ label: "x", signal: controller.signal, totalMs: 50 });
  deadline.enter("headers", 10);
  const reason = { because: "user left" };
  controller.abort(reason);
  expect(deadline.signal.reason).toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
  using second = createDeadline({ label: "x", signal: controller.signal, deadlineAt: 0 });
  expect(second.signal.reason).toBe(reason);
});

test("leaves no timer and no listener after disposal, and starts no further phase", () => {
  const { signal } = new AbortController();
  const deadline = createDeadline({ label: "x", signal, totalMs: 50 });
  deadline.enter("headers", 10);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  deadline[Symbol.dispose]();
  deadline.enter("body", 10);
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(getEventListeners(deadline.signal, "abort")).toEqual([]);
  expect(deadline.signal.aborted).toBe(false);
});

test("leaves no listener on the caller's signal after it expires", async () => {
  const { signal } = new AbortController();
  const deadline = createDeadline({ label: "x", signal, totalMs: 50 });
  await vi.advanceTimersByTimeAsync(50);
  expect(deadline.signal.aborted).toBe(true);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("refuses a deadline of NaN", () => {
  expect(() => createDeadline({ label: "x", deadlineAt: Number.NaN })).toThrow(/NaN/);
});
