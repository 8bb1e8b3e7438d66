import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { pooled } from "./balanced.ts";
import { measureFault, slowedReplica, startFleet } from "./broken-fleet.ts";

/** SB-B2: one of three model servers becomes 20 times slower. */
export const replicaSlowed: Experiment = {
  title: "one of three model servers is 20 times slower, at 100 calls per second",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, outageMs }) => {
    const fleet = await startFleet(seed);
    try {
      const [plain, hedged] = [pooled(fleet.replicas, { hedging: false }), pooled(fleet.replicas)];
      const without = await measureFault(fleet, plain, slowedReplica(outageMs));
      await plain.close();
      await Promise.all(fleet.replicas.map((replica) => replica.restart()));
      const figures = await measureFault(fleet, hedged, slowedReplica(outageMs));
      await hedged.close();
      return [
        exactly("failed calls", figures.failed + without.failed, 0),
        shown("p99 before", figures.baselineMs, "ms"),
        shown("p99 without second attempts", without.p99Ms, "ms"),
        atMost("p99 with second attempts", figures.p99Ms, 1.5 * figures.baselineMs, "ms"),
        atMost("calls with a second attempt", figures.hedged, 0.05, "of all"),
      ];
    } finally {
      fleet.close();
    }
  },
};
