import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { remembered } from "./remembered.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that never answers, but whose requests can be ended. */
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

test("a request that nobody waits for any more is ended two seconds later, and the next call asks anew", async () => {
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

test("a request that somebody waits for goes on, whoever else has left", async () => {
  const { signals, answers } = hanging();
  void answers.get(undefined).catch(() => undefined);
  await expect(answers.get(AbortSignal.abort("left"))).rejects.toBe("left");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

test("an answer that comes after its caller has left is kept for the next", async () => {
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
