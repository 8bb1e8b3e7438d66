import { describe, expect, test } from "vitest";
import { p99Of, SimulatedFleet } from "./fixtures/simulated-fleet.ts";

// In the time of a clock that the test moves, so that a slow machine changes no figure.
const [faultAt, endsAt] = [4_000, 12_000];

/** Runs three servers at 100 calls a second through a fault of the first. */
async function faulty(begin: (fleet: SimulatedFleet) => void): Promise<SimulatedFleet> {
  const fleet = new SimulatedFleet(7);
  await fleet.run(faultAt);
  begin(fleet);
  await fleet.run(endsAt - faultAt);
  await fleet.clock.advance(2_000);
  await fleet.pool.close();
  return fleet;
}

const p99Ratio = (fleet: SimulatedFleet): number =>
  p99Of(fleet.between(faultAt, endsAt)) / p99Of(fleet.between(1_000, faultAt));

describe("three servers with drawn service times", () => {
  test("loses no call if one is killed, and keeps the 99th percentile below twice the usual (Q2)", async () => {
    let ejectedAfterMs = NaN;
    const fleet = await faulty(({ servers, clock, pool }) => {
      servers[0].isDead = true;
      const look = (): void => {
        if (pool.status().replicas[0]?.state === "ejected") ejectedAfterMs = clock.monotonicNow() - faultAt;
        else clock.startTimer(10, look);
      };
      look();
    });
    expect(fleet.calls.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    expect(p99Ratio(fleet)).toBeLessThan(2);
    expect(ejectedAfterMs).toBeLessThan(1_000);
  });

  test("keeps the 99th percentile below 1.5 times the usual if one is 20 times slower, with few second attempts", async () => {
    let before = 0;
    const fleet = await faulty(({ servers, pool }) => {
      servers[0].factor = 20;
      before = pool.status().hedges;
    });
    expect(fleet.calls.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    expect(p99Ratio(fleet)).toBeLessThan(1.5);
    const share = (fleet.pool.status().hedges - before) / fleet.between(faultAt, endsAt).length;
    expect(share).toBeLessThan(0.05);
  });
});
