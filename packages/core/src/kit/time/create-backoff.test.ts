import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createBackoff, type Backoff, type BackoffWaitOptions } from "./create-backoff.ts";

const almostOne = 1 - Number.EPSILON;

/** How long one wait takes. */
async function waited(clock: FakeClock, backoff: Backoff, options?: BackoffWaitOptions): Promise<number> {
  const startedAt = clock.monotonicNow();
  let endedAt: number | undefined;
  const waiting = backoff.wait(options).finally(() => (endedAt = clock.monotonicNow()));
  await clock.advance(120_000);
  await waiting;
  return (endedAt ?? Number.NaN) - startedAt;
}

test("doubles its waits from 0.8 s to 30 s and never stops", async () => {
  const clock = new FakeClock();
  const backoff = createBackoff({ clock, random: () => almostOne, resetAfterMs: 300_000 });
  const waits: number[] = [];
  for (let failure = 0; failure < 8; failure++) waits.push(await waited(clock, backoff));
  expect(waits).toEqual([799, 1599, 3199, 6399, 12_799, 25_599, 29_999, 29_999]);
  for (let failure = 0; failure < 2_000; failure++) await waited(clock, backoff);
  expect(await waited(clock, backoff)).toBe(29_999);
  expect(backoff.failures).toBe(2_009);
});

test("spreads its waits over the whole range", async () => {
  const clock = new FakeClock();
  const draws = [0, 0.5, 0.25];
  const backoff = createBackoff({ clock, random: () => draws.shift() ?? 0, resetAfterMs: 300_000 });
  expect(await waited(clock, backoff)).toBe(0);
  expect(await waited(clock, backoff)).toBe(800);
  expect(await waited(clock, backoff)).toBe(800);
});

test("starts over after a success, and after a long time without a failure", async () => {
  const clock = new FakeClock();
  const backoff = createBackoff({ clock, random: () => almostOne, resetAfterMs: 300_000 });
  await waited(clock, backoff);
  await waited(clock, backoff);
  backoff.reset();
  expect(await waited(clock, backoff)).toBe(799);
  expect(await waited(clock, backoff)).toBe(1599);
  await clock.advance(300_000);
  expect(await waited(clock, backoff)).toBe(799);
});

test("waits at least as long as the server requested", async () => {
  const clock = new FakeClock();
  const backoff = createBackoff({ clock, random: () => 0 });
  expect(await waited(clock, backoff, { atLeastMs: 7_000 })).toBe(7_000);
});

test("ends the wait at an abort and a deadline, and leaves no timer or listener", async () => {
  const clock = new FakeClock();
  const backoff = createBackoff({ clock, random: () => almostOne });
  const { signal, ...controller } = abortController();
  const aborted = backoff.wait({ signal });
  controller.abort("left");
  await expect(aborted).rejects.toBe("left");
  expect(getEventListeners(signal, "abort")).toEqual([]);
  const late = backoff.wait({ deadlineAt: clock.now() + 50 }).catch((error: unknown) => error);
  await clock.advance(50);
  const error = await late;
  expect(TimeoutError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ phase: "wait", afterMs: 50 });
  expect(clock.pendingTimers).toBe(0);
});

function abortController() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) };
}
