import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { loadKinds, startMixedLoad, type LedgerEntry } from "./stand/mixed-load.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";
import { slopePerMinute } from "./stand/slope-per-minute.ts";

const wholeMs = 10 * 60_000;
const perSecond = 20;
/** The load writes the same points again and again, so that the store does not grow. */
const pointIds = 50;
/** Time until caches, pools and compiled code have their size. */
const warmUpShare = 0.25;

/** SB-P8: ten minutes of all kinds of request. The heap is measured after a collection. */
export const steadyMemory: Experiment = {
  title: "ten minutes of load",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, share }) => {
    const model = await startFakeReplica(seed, 32);
    const platform = await startPlatform({ environment: modelEnvironment(model.url) });
    try {
      const loadMs = Math.max(10_000, wholeMs * share);
      await insertPoints(platform);
      const load = await startMixedLoad(platform, { perSecond, seed, pointIds });
      const heap: { readonly atMs: number; readonly bytes: number }[] = [];
      while (load.now() < loadMs) {
        await sleep(loadMs / 40);
        const { heapBytes } = await platform.server.probe();
        heap.push({ atMs: load.now(), bytes: heapBytes });
      }
      await load.stop();
      const warm = heap.filter(({ atMs }) => atMs >= loadMs * warmUpShare);
      const slope = slopePerMinute(warm) / 2 ** 20;
      const failed = load.ledger.filter(({ code }) => code !== "ok").length;
      return [
        shown("requests", load.ledger.length, ""),
        shown("minutes", loadMs / 60_000, ""),
        exactly("failed requests", failed, 0),
        exactly("kinds of request that were not sent", unsentKinds(load.ledger), 0),
        shown("heap at the end", (warm.at(-1)?.bytes ?? Number.NaN) / 2 ** 20, "MB"),
        loadMs < 60_000
          ? shown("memory, slope", slope, "MB/min")
          : atMost("memory, slope", slope, 1, "MB/min"),
        ...serverFaults(platform.server),
      ];
    } finally {
      await platform.close();
      model.close();
    }
  },
};

function unsentKinds(ledger: readonly LedgerEntry[]): number {
  return loadKinds.filter((kind) => !ledger.some((entry) => entry.kind === kind)).length;
}

/** Writes the ids of the load's inserts and jobs once. */
async function insertPoints({ send }: Platform): Promise<void> {
  const operations = ["point", "job"].flatMap((kind) =>
    Array.from({ length: pointIds }, (_, i) => ({
      op: "upsert",
      id: `${kind}-${i}`,
      text: `First ${kind} ${i}.`,
    })),
  );
  const body = { collection: "load", operations };
  const response = await send("POST", "/api/v1/vectors/batch", { body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`the points cannot be written: ${text}`);
}
