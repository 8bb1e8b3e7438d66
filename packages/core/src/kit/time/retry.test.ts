import fc from "fast-check";
import { expect, test } from "vitest";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import { createRetryBudget } from "../load/create-retry-budget.ts";
import type { Clock } from "./clock.ts";
import { retry } from "./retry.ts";

const passing = (retryAfterMs?: number) =>
  new RequestError("http_503", "busy", { url: "http://h", retryable: true, retryAfterMs });

/** A clock that a retry moves by sleeping on it; it notes each wait. */
function testClock() {
  const waits: number[] = [];
  let time = 1_000_000;
  const clock: Clock = {
    now: () => time,
    monotonicNow: () => time,
    startTimer(delayMs, callback) {
      if (delayMs === Infinity) return () => undefined;
      waits.push(delayMs);
      time += delayMs;
      queueMicrotask(callback);
      return () => undefined;
    },
  };
  return { waits, clock };
}

test("retries until it succeeds and passes the attempt's number (Q9)", async () => {
  const { clock, waits } = testClock();
  const attempts: number[] = [];
  const result = await retry(
    (attempt) => {
      attempts.push(attempt);
      return attempt < 3 ? Promise.reject(passing()) : Promise.resolve("done");
    },
    { clock },
  );
  expect(result).toBe("done");
  expect(attempts).toEqual([1, 2, 3]);
  expect(waits).toHaveLength(2);
});

test("keeps every wait between 0 and a doubling bound of at most maxDelayMs", async () => {
  const scenario = fc.record({
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    baseDelayMs: fc.integer({ min: 1, max: 1000 }),
    maxDelayMs: fc.integer({ min: 1, max: 5000 }),
    maxAttempts: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ random, ...policy }) => {
      const { clock, waits } = testClock();
      const error = passing();
      const run = retry(() => Promise.reject(error), { ...policy, clock, random: () => random });
      await expect(run).rejects.toBe(error);
      expect(waits).toHaveLength(policy.maxAttempts - 1);
      waits.forEach((wait, index) => {
        const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** index);
        expect(wait).toBe(Math.floor(random * bound));
      });
    }),
  );
});

test("waits exactly as long as the server requested, without jitter", async () => {
  const { clock, waits } = testClock();
  await expect(
    retry(() => Promise.reject(passing(12_345)), { clock, maxDelayMs: 10, maxAttempts: 2 }),
  ).rejects.toThrow("busy");
  expect(waits).toEqual([12_345]);
});

test("starts no wait that exceeds the deadline or the allowed maximum", async () => {
  const { clock, waits } = testClock();
  const error = passing(5000);
  const late = retry(() => Promise.reject(error), { clock, deadlineAt: clock.now() + 5000 });
  await expect(late).rejects.toBe(error);
  const long = retry(() => Promise.reject(error), { clock, maxRetryAfterMs: 4999 });
  await expect(long).rejects.toBe(error);
  expect(waits).toEqual([]);
});

test("throws errors immediately that are not retryable or not BinnacleErrors", async () => {
  for (const error of [new BinnacleError("http_400", "no"), new TypeError("bug")]) {
    let calls = 0;
    const run = retry(() => {
      calls += 1;
      return Promise.reject(error);
    });
    await expect(run).rejects.toBe(error);
    expect(calls).toBe(1);
  }
});

test("rejects with an abort's reason during a call or a wait and starts nothing more", async () => {
  const during = new AbortController();
  const call = retry(
    () => {
      during.abort("left");
      return Promise.reject(passing());
    },
    { signal: during.signal },
  );
  await expect(call).rejects.toBe("left");

  const waiting = new AbortController();
  let calls = 0;
  const wait = retry(
    () => {
      calls += 1;
      return Promise.reject(passing(60_000));
    },
    { signal: waiting.signal, onRetry: () => queueMicrotask(() => waiting.abort("tired")) },
  );
  await expect(wait).rejects.toBe("tired");
  expect(calls).toBe(1);
});

test("reports each retry with its attempt, wait and error before the wait", async () => {
  const { clock } = testClock();
  const error = passing();
  const events: unknown[] = [];
  const onRetry = (event: unknown) => void events.push(event);
  await expect(retry(() => Promise.reject(error), { clock, random: () => 0.5, onRetry })).rejects.toBe(error);
  expect(events).toEqual([
    { attempt: 1, delayMs: 100, error },
    { attempt: 2, delayMs: 200, error },
  ]);
});

test("counts each call in the budget, and throws immediately if the budget is empty", async () => {
  const { clock, waits } = testClock();
  const budget = createRetryBudget({ share: 0.5, minPerSecond: 0, clock });
  const error = passing();
  let attempts = 0;
  for (let request = 0; request < 40; request++) {
    const run = retry(() => (attempts++, Promise.reject(error)), { clock, budget, random: () => 0 });
    await expect(run).rejects.toBe(error);
  }
  expect(attempts).toBe(40 + 20);
  expect(waits).toHaveLength(20);
});

test("spends budget for a retry whose wait the server requested, even for a wait of 0", async () => {
  const { clock, waits } = testClock();
  const budget = createRetryBudget({ share: 0, minPerSecond: 0.1, clock }); // pays for one retry
  for (const retryAfterMs of [0, 500]) {
    const run = retry(() => Promise.reject(passing(retryAfterMs)), { clock, budget, maxAttempts: 9 });
    await expect(run).rejects.toThrow("busy");
  }
  expect(waits).toEqual([0]);
});

test("rejects an invalid policy before the first call", async () => {
  const policies = [
    { maxAttempts: Number.NaN },
    { maxAttempts: 0 },
    { baseDelayMs: -1 },
    { maxDelayMs: Number.NaN },
    { maxRetryAfterMs: Number.NaN },
  ];
  for (const policy of policies) {
    let calls = 0;
    const call = () => Promise.reject(++calls > 9 ? new Error("it does not stop") : passing(0));
    await expect(retry(call, { ...policy, clock: testClock().clock })).rejects.toThrow(ConfigurationError);
    expect(calls).toBe(0);
  }
});
