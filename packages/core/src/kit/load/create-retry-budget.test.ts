import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createRetryBudget } from "./create-retry-budget.ts";

test("allows a share of the requests and a minimum per second", () => {
  const clock = new FakeClock();
  const budget = createRetryBudget({ share: 0.2, minPerSecond: 1, windowMs: 10_000, clock });
  expect(budget.available).toBe(10);
  for (let request = 0; request < 100; request++) budget.count();
  expect(budget.available).toBe(30);
  for (let retry = 0; retry < 30; retry++) expect(budget.spend()).toBe(true);
  expect(budget.spend()).toBe(false);
  expect(budget.available).toBe(0);
});

test("drops requests and retries after the window", async () => {
  const clock = new FakeClock();
  const budget = createRetryBudget({ share: 0.5, minPerSecond: 0, windowMs: 1_000, clock });
  for (let request = 0; request < 10; request++) budget.count();
  await clock.advance(500);
  for (let request = 0; request < 10; request++) budget.count();
  expect(budget.spend()).toBe(true);
  expect(budget.available).toBe(9);
  await clock.advance(600);
  expect(budget.available).toBe(4); // the retry is younger than the requests that have expired
  await clock.advance(1_000);
  expect(budget.available).toBe(0);
});

test("never allows more than the share in any window (Q9)", async () => {
  const step = fc.record({ waitMs: fc.nat(400), requests: fc.nat(20), tries: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = new FakeClock();
      const budget = createRetryBudget({ share: 0.2, minPerSecond: 2, windowMs: 1_000, clock });
      let requests = 0;
      let spent = 0;
      for (const { waitMs, requests: arriving, tries } of steps) {
        await clock.advance(waitMs);
        for (let one = 0; one < arriving; one++) budget.count();
        requests += arriving;
        for (let one = 0; one < tries; one++) if (budget.spend()) spent += 1;
        const windows = Math.ceil(clock.monotonicNow() / 900) + 1;
        expect(spent).toBeLessThanOrEqual(0.2 * requests + 2 * windows);
      }
    }),
    { numRuns: 30 },
  );
});

test("refuses a share above 1", () => {
  expect(() => createRetryBudget({ share: 1.5 })).toThrow(ConfigurationError);
});
