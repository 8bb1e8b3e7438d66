import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { createSingleFlight } from "./create-single-flight.ts";

/** Work that ends when the test says so. */
function controlledWork<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const signals: AbortSignal[] = [];
  const work = (signal: AbortSignal): Promise<T> => {
    signals.push(signal);
    return promise;
  };
  return { work, signals, resolve, reject };
}

test("runs the work once for a thousand callers, and again for the next caller (T37)", async () => {
  const flight = createSingleFlight<number>("test");
  const { work, signals, resolve } = controlledWork<number>();
  const callers = Array.from({ length: 1_000 }, () => flight.run("a", work));
  expect(flight.isUnderWay("a")).toBe(true);
  resolve(7);
  expect(new Set(await Promise.all(callers))).toEqual(new Set([7]));
  expect(signals).toHaveLength(1);
  expect(flight.isUnderWay("a")).toBe(false);
  expect(await flight.run("a", async () => 8)).toBe(8);
});

test("keeps the work running while one caller waits, and aborts it when the last has left", async () => {
  const flight = createSingleFlight<number>("test");
  const { work, signals } = controlledWork<number>();
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [first, second].map(({ signal }) => flight.run("a", work, { signal }));
  first.abort("one");
  await expect(waiting[0]).rejects.toBe("one");
  expect(signals[0]?.aborted).toBe(false);
  second.abort("two");
  await expect(waiting[1]).rejects.toBe("two");
  expect(signals[0]?.reason).toBe("two");
  expect(flight.isUnderWay("a")).toBe(false);
  expect(getEventListeners(first.signal, "abort")).toEqual([]);
});

test("ends one caller's wait with a TimeoutError at its deadline", async () => {
  const flight = createSingleFlight<number>("test");
  const { work, resolve } = controlledWork<number>();
  const patient = flight.run("a", work);
  const hasty = flight.run("a", work, { deadlineAt: Date.now() + 5 });
  await expect(hasty).rejects.toSatisfy(TimeoutError.isInstance);
  resolve(1);
  expect(await patient).toBe(1);
});

test("starts no work for a caller whose deadline has passed", async () => {
  const flight = createSingleFlight<number>("test");
  const { work, signals } = controlledWork<number>();
  const late = flight.run("a", work, { deadlineAt: Date.now() - 1 });
  await expect(late).rejects.toSatisfy(TimeoutError.isInstance);
  expect([signals.length, flight.isUnderWay("a")]).toEqual([0, false]);
});

test("rejects every caller with a failure and does not keep it, even if the work throws synchronously", async () => {
  const flight = createSingleFlight<number>("test");
  const failing = (): Promise<number> => {
    throw new Error("broken");
  };
  await expect(Promise.all([flight.run("a", failing), flight.run("a", failing)])).rejects.toThrow("broken");
  expect(await flight.run("a", async () => 1)).toBe(1);
});

test("starts new work after `forget`, while the first work still serves its callers", async () => {
  const flight = createSingleFlight<string>("test");
  const { work, resolve } = controlledWork<string>();
  const before = flight.run("a", work);
  flight.forget("a");
  expect(await flight.run("a", async () => "new")).toBe("new");
  resolve("old");
  expect(await before).toBe("old");
});
