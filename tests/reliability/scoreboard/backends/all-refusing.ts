import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { pooled } from "./balanced.ts";
import { measureFault, refusingReplicas, startFleet } from "./broken-fleet.ts";

/** SB-B3: all model servers answer 503 for a while. */
export const allRefusing: Experiment = {
  title: "503 from all three model servers, at 100 calls per second",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, outageMs }) => {
    const fleet = await startFleet(seed);
    const pool = pooled(fleet.replicas);
    try {
      const figures = await measureFault(fleet, pool, refusingReplicas(outageMs));
      return [
        exactly("wrong answers", figures.wrong, 0),
        shown("calls", figures.requests, ""),
        shown("failed calls", figures.failed, ""),
        atMost("requests at the servers per call", figures.amplification, 1.2, ""),
        atMost("last failure after the end", figures.recoveredMs, 2_000, "ms"),
      ];
    } finally {
      await pool.close();
      fleet.close();
    }
  },
};
