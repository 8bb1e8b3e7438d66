import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { pooled } from "./balanced.ts";
import { killedReplica, measureFault, startFleet } from "./broken-fleet.ts";

/** SB-B1: one of three model servers dies, and later starts again. */
export const replicaKilled: Experiment = {
  title: "SIGKILL of one of three model servers at 100 calls per second",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, outageMs }) => {
    const fleet = await startFleet(seed);
    const pool = pooled(fleet.replicas);
    try {
      const figures = await measureFault(fleet, pool, killedReplica(outageMs));
      return [
        exactly("failed calls", figures.failed, 0),
        exactly("wrong answers", figures.wrong, 0),
        shown("calls", figures.requests, ""),
        shown("p99 before", figures.baselineMs, "ms"),
        atMost("p99 while it is dead", figures.p99Ms, 2 * figures.baselineMs, "ms"),
        atMost("ejected after", figures.ejectedMs, 1_000, "ms"),
        atMost("takes calls again after", figures.restoredMs, 30_000, "ms"),
      ];
    } finally {
      await pool.close();
      fleet.close();
    }
  },
};
