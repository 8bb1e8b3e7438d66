import { setTimeout as sleep } from "node:timers/promises";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { countOf, startOpenLoop } from "../open-loop.ts";
import { pooled } from "./balanced.ts";
import { slopePerMinute, type MeasuredMemory } from "../platform/stand/slope-per-minute.ts";
import { startFleet } from "./broken-fleet.ts";

const wholeMs = 10 * 60_000;
const restarts = 3;
const perSecond = 50;

/** SB-L1: ten minutes of load, in which each replica is killed and started again three times. */
export const soak: Experiment = {
  title: "a long load with three restarts of each model server",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, share }) => {
    const fleet = await startFleet(seed);
    const pool = pooled(fleet.replicas);
    await pool.ask(0); // opens what stays open
    const before = process.getActiveResourcesInfo().length;
    const memory: MeasuredMemory[] = [];
    const load = startOpenLoop(perSecond, (number) => pool.ask(number));
    const watch = setInterval(
      () => memory.push({ atMs: load.now(), bytes: process.memoryUsage().heapUsed }),
      100,
    );
    const pauseMs = Math.max(1_000, (wholeMs * share) / (restarts * fleet.replicas.length + 1));
    try {
      for (let round = 0; round < restarts; round++)
        for (const replica of fleet.replicas) {
          await sleep(pauseMs);
          replica.kill();
          await sleep(pauseMs / 4);
          await replica.restart();
        }
      await sleep(pauseMs);
      const samples = await load.stop();
      clearInterval(watch);
      const minutes = load.now() / 60_000;
      const slope = leastSlopePerMinute(memory) / 2 ** 20;
      await pool.close();
      fleet.close();
      await sleep(300);
      const left = Math.max(0, process.getActiveResourcesInfo().length - before);
      return [
        shown("calls", samples.length, ""),
        shown("minutes", minutes, ""),
        exactly("failed calls", samples.length - countOf(samples, "right"), 0),
        exactly("sockets and timers left", left, 0),
        minutes < 2 ? shown("memory, slope", slope, "MB/min") : atMost("memory, slope", slope, 1, "MB/min"),
      ];
    } finally {
      clearInterval(watch);
      await pool.close();
      fleet.close();
    }
  },
};

/** Slope of the least memory of each twentieth of the time after the first quarter: garbage does not count. */
function leastSlopePerMinute(samples: readonly MeasuredMemory[]): number {
  const warm = samples.slice(Math.floor(samples.length / 4));
  const size = Math.max(1, Math.floor(warm.length / 20));
  const least = Array.from({ length: Math.floor(warm.length / size) }, (_, index) =>
    warm.slice(index * size, (index + 1) * size).reduce((low, one) => (one.bytes < low.bytes ? one : low)),
  );
  return slopePerMinute(least);
}
