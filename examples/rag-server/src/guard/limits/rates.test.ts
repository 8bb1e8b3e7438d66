import { FakeClock } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createMemoryRates } from "./memory-rates.ts";

const rate = { requests: 3, perMs: 60_000 };

describe("the limit of a rate", () => {
  test("allows a burst, and then tells the exact time of the next request (T60)", async () => {
    const clock = new FakeClock();
    const rates = createMemoryRates(clock);
    const remaining = [];
    for (let i = 0; i < 3; i++) remaining.push((await rates.take("a", rate)).remaining);
    expect(remaining).toEqual([2, 1, 0]);
    const refused = await rates.take("a", rate);
    expect(refused).toMatchObject({ isAllowed: false, waitMs: 20_000 });
    await clock.advance(19_999);
    expect((await rates.take("a", rate)).isAllowed).toBe(false);
    await clock.advance(1);
    expect((await rates.take("a", rate)).isAllowed).toBe(true);
    expect((await rates.take("a", rate)).isAllowed).toBe(false);
  });

  test("keeps callers apart, and a refused request costs nothing (T60)", async () => {
    const clock = new FakeClock();
    const rates = createMemoryRates(clock);
    for (let i = 0; i < 50; i++) await rates.take("abuser", rate);
    expect((await rates.take("good", rate)).isAllowed).toBe(true);
    await clock.advance(20_000);
    expect((await rates.take("abuser", rate)).isAllowed).toBe(true);
  });

  test("allows exactly the rate over a long time", async () => {
    const clock = new FakeClock();
    const rates = createMemoryRates(clock);
    let allowed = 0;
    for (let i = 0; i < 6000; i++) {
      if ((await rates.take("a", { requests: 7, perMs: 60_000 })).isAllowed) allowed += 1;
      await clock.advance(100);
    }
    expect(allowed).toBe(7 + 69); // the burst, and seven a minute over ten minutes
  });
});
