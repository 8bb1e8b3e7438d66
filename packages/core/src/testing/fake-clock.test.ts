import { expect, test } from "vitest";
import { sleep } from "../kit/time/sleep.ts";
import { FakeClock } from "./fake-clock.ts";

test("fires due timers in order at their own time, including timers that a timer starts", async () => {
  const clock = new FakeClock(1_000);
  const fired: string[] = [];
  const note = (name: string): void => void fired.push(`${name} at ${clock.now()}/${clock.monotonicNow()}`);
  clock.startTimer(20, () => note("second"));
  clock.startTimer(10, () => {
    note("first");
    clock.startTimer(5, () => note("inner"));
  });
  clock.startTimer(Infinity, () => note("never"));
  const cancel = clock.startTimer(12, () => note("cancelled"));
  cancel();
  await clock.advance(19);
  expect(fired).toEqual(["first at 1010/10", "inner at 1015/15"]);
  expect(clock.pendingTimers).toBe(1);
  await clock.advance(1);
  expect(fired.at(-1)).toBe("second at 1020/20");
  expect(clock.pendingTimers).toBe(0);
});

test("lets promises settle before and after the time moves", async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    await Promise.resolve();
    for (let round = 0; round < 3; round++) {
      await sleep(10, { clock });
      seen.push(clock.monotonicNow());
    }
  };
  void work();
  await clock.advance(100);
  expect(seen).toEqual([10, 20, 30]);
});
