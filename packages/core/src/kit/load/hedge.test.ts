import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createRetryBudget } from "./create-retry-budget.ts";
import { hedge, type HedgeOptions } from "./hedge.ts";

/** Attempts that the test settles by hand. */
function openAttempts(options: Partial<HedgeOptions> = {}) {
  const clock = new FakeClock();
  const attempts: { signal: AbortSignal; resolve(value: string): void; reject(error: unknown): void }[] = [];
  const call = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => attempts.push({ signal, resolve, reject }));
  const result = hedge(call, { delayMs: 100, clock, ...options }).catch((error: unknown) => ({ error }));
  return { clock, attempts, result };
}

test("makes only one attempt if the first is fast", async () => {
  const { clock, attempts, result } = openAttempts();
  await clock.advance(99);
  attempts[0]?.resolve("first");
  expect(await result).toBe("first");
  await clock.advance(1_000);
  expect(attempts).toHaveLength(1);
  expect(clock.pendingTimers).toBe(0);
});

test.each([0, 1])("returns the first success and aborts the other attempt: attempt %i", async (winner) => {
  const { clock, attempts, result } = openAttempts();
  await clock.advance(100);
  expect(attempts).toHaveLength(2);
  attempts[winner]?.resolve("won");
  expect(await result).toBe("won");
  expect(attempts.map(({ signal }) => signal.aborted)).toEqual([winner === 1, winner === 0]);
  expect(attempts[1 - winner]?.signal.reason).toMatchObject({ code: "abandoned" });
});

test("rejects with a failure before the second attempt, and otherwise waits for the other attempt", async () => {
  const early = openAttempts();
  early.attempts[0]?.reject("broken");
  expect(await early.result).toEqual({ error: "broken" });
  for (const failing of [0, 1]) {
    const { clock, attempts, result } = openAttempts();
    await clock.advance(100);
    attempts[failing]?.reject("broken");
    attempts[1 - failing]?.resolve("saved");
    expect(await result).toBe("saved");
  }
  const both = openAttempts();
  await both.clock.advance(100);
  both.attempts[1]?.reject("second");
  both.attempts[0]?.reject("first");
  expect(await both.result).toEqual({ error: "first" });
});

test("makes no second attempt if the budget is empty", async () => {
  const budget = createRetryBudget({ share: 0, minPerSecond: 0.1 });
  const spending = openAttempts({ budget });
  await spending.clock.advance(100);
  expect(spending.attempts).toHaveLength(2);
  const refused = openAttempts({ budget });
  await refused.clock.advance(1_000);
  expect(refused.attempts).toHaveLength(1);
  refused.attempts[0]?.reject("broken");
  expect(await refused.result).toEqual({ error: "broken" });
});

test("rejects immediately at an abort, aborts both attempts with its reason and leaves no listener", async () => {
  const controller = new AbortController();
  const { clock, attempts, result } = openAttempts({ signal: controller.signal });
  await clock.advance(100);
  controller.abort("left");
  expect(await result).toEqual({ error: "left" });
  expect(attempts.map(({ signal }) => signal.reason)).toEqual(["left", "left"]);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  await expect(hedge(() => expect.unreachable(), { delayMs: 1, signal: controller.signal })).rejects.toBe(
    "left",
  );
});
