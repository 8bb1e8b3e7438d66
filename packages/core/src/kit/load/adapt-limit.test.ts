import { expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { adaptLimit, type AdaptLimitOptions } from "./adapt-limit.ts";
import { createLimiter, type Permit } from "./create-limiter.ts";

async function adapted(limit: number, options: AdaptLimitOptions = {}) {
  const clock = new FakeClock();
  const limiter = createLimiter({ limit });
  const adaptive = adaptLimit(limiter, { clock, ...options });
  const permits: Permit[] = [];
  /** Fills the limiter, as a busy client does. */
  const fill = async (): Promise<void> => {
    while (limiter.inUse < limiter.limit) permits.push(await limiter.acquire());
  };
  const empty = (): void => permits.splice(0).forEach((permit) => permit.release());
  return { clock, limiter, adaptive, fill, empty };
}

test("shrinks the limit once for all calls that ran during an overload", async () => {
  const { clock, limiter, adaptive } = await adapted(20, { backoff: 0.5 });
  await clock.advance(10);
  const startedAt = clock.monotonicNow();
  await clock.advance(10);
  for (let call = 0; call < 20; call++) adaptive.overloaded(startedAt);
  expect(limiter.limit).toBe(10);
  await clock.advance(10);
  adaptive.overloaded(clock.monotonicNow());
  expect(limiter.limit).toBe(5);
});

test("raises a used limit by about 1 per round of successes, and keeps an unused limit", async () => {
  const { limiter, adaptive, fill, empty } = await adapted(10);
  for (let call = 0; call < 100; call++) adaptive.succeeded();
  expect(limiter.limit).toBe(10);
  await fill();
  for (let call = 0; call < 11; call++) adaptive.succeeded();
  expect(limiter.limit).toBe(11);
  empty();
});

test("stays between its bounds", async () => {
  const { clock, limiter, adaptive, fill } = await adapted(50, { min: 3, max: 8 });
  expect(limiter.limit).toBe(8);
  await fill();
  for (let call = 0; call < 1_000; call++) adaptive.succeeded(10);
  expect(limiter.limit).toBe(8);
  for (let call = 0; call < 20; call++) {
    await clock.advance(10);
    adaptive.overloaded(clock.monotonicNow());
  }
  expect(limiter.limit).toBe(3);
});

test("finds the limit at which latency rises, and follows a server that slows down", async () => {
  const { limiter, adaptive, fill, empty } = await adapted(1, { max: 500 });
  /** A server that does `slots` calls at once in 100 ms each and queues the rest. */
  const serve = async (slots: number, rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      await fill();
      const latencyMs = 100 * Math.max(1, limiter.inUse / slots);
      const calls = limiter.inUse;
      for (let call = 0; call < calls; call++) adaptive.succeeded(latencyMs);
      empty();
    }
  };
  await serve(40, 90);
  expect(limiter.limit).toBeGreaterThan(40);
  await serve(40, 300);
  const before = limiter.limit;
  expect(before).toBeLessThan(100); // the calls that queue for long are not taken for usual
  await serve(10, 6);
  expect(limiter.limit).toBeLessThan(before / 2);
  await serve(40, 12);
  expect(limiter.limit).toBeGreaterThan(before / 2);
});

test("refuses a minimum above the maximum", () => {
  expect(() => adaptLimit(createLimiter({ limit: 1 }), { min: 9, max: 8 })).toThrow(ConfigurationError);
});
