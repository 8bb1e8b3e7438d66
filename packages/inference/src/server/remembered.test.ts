import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { remembered } from "./remembered.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that never answers, but whose requests can be aborted. */
function hanging() {
  const signals: AbortSignal[] = [];
  const answers = remembered<string>((signal) => {
    signals.push(signal);
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  });
  return { signals, answers };
}

test("ends a request two seconds after its last caller left, and asks again in the next call", async () => {
  const { signals, answers } = hanging();
  for (const reason of ["late", "later"]) {
    const left = expect(answers.get(AbortSignal.abort(reason))).rejects.toBe(reason);
    await left;
  }
  expect(signals).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(signals[0]?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(signals[0]?.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  void answers.get(undefined).catch(() => undefined);
  expect(signals).toHaveLength(2);
});

test("keeps a shared request running while one caller still waits", async () => {
  const { signals, answers } = hanging();
  void answers.get(undefined).catch(() => undefined);
  await expect(answers.get(AbortSignal.abort("left"))).rejects.toBe("left");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

test("keeps an answer for the next caller after the first has left", async () => {
  let asked = 0;
  const answers = remembered(() => {
    asked += 1;
    return pause(1_000, "answer");
  });
  vi.useRealTimers();
  await expect(answers.get(AbortSignal.timeout(20))).rejects.toMatchObject({ name: "TimeoutError" });
  expect(answers.known()).toBeUndefined();
  expect(await answers.get(undefined)).toBe("answer");
  expect([answers.known(), asked]).toEqual(["answer", 1]);
});
