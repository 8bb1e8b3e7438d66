import { pooled } from "../../../tests/reliability/scoreboard/backends/balanced.ts";
import {
  measureFault,
  slowedReplica,
  startFleet,
  type Fleet,
} from "../../../tests/reliability/scoreboard/backends/broken-fleet.ts";
import { measureAffinity } from "../pool/measure-affinity.ts";
import type { Figures, Switched } from "./switched.ts";

const seed = 7;
const faultMs = 5_000;

/** Sessions of several turns over three replicas, whose servers cache prompts. */
export const promptAffinity: Switched = {
  name: "prompt affinity",
  unit: "ms per call, median",
  measure: async () => {
    const measured = async (followPrefixes: boolean): Promise<number> =>
      await inFleet(async (fleet) => (await measureAffinity(fleet, followPrefixes)).medianMs);
    return { off: await measured(false), on: await measured(true) };
  },
};

/** One of three replicas is 20 times slower. */
export const hedging: Switched = {
  name: "hedging",
  unit: "ms, p99 beside a slow replica",
  measure: async (): Promise<Figures> => {
    const measured = (options: { readonly hedging?: false }): Promise<number> =>
      inFleet(async (fleet) => {
        const pool = pooled(fleet.replicas, options);
        const { p99Ms } = await measureFault(fleet, pool, slowedReplica(faultMs));
        await pool.close();
        return p99Ms;
      });
    return { off: await measured({ hedging: false }), on: await measured({}) };
  },
};

async function inFleet<T>(body: (fleet: Fleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(seed);
  try {
    return await body(fleet);
  } finally {
    fleet.close();
  }
}
