import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { loadKinds, loadOperations, startMixedLoad, type LedgerEntry } from "./stand/mixed-load.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";

const perSecond = 20;
const calmMs = 3_000;
const requestCount = "binnacle_http_duration_seconds_count";
/** The first reading of the metrics, and the OpenAPI document. */
const ownRequests = 2;

/** SB-O1: the counters of the server, beside what the load and the model server counted. */
export const trueMetrics: Experiment = {
  title: "the server's counters beside the counts of its clients and of its model server",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, outageMs }) => {
    const model = await startFakeReplica(seed, 32);
    const platform = await startPlatform({ environment: modelEnvironment(model.url) });
    try {
      const [countsBefore, metricsBefore] = [await model.counts(), await metricsOf(platform)];
      const load = await startMixedLoad(platform, {
        perSecond,
        seed,
        kinds: loadKinds.filter((kind) => kind !== "job"),
      });
      await sleep(calmMs);
      await model.control({ status: 503 });
      await sleep(Math.min(outageMs, 3_000));
      await model.control({ status: 200 });
      await sleep(calmMs);
      await load.stop();
      await sleep(100); // a request is counted after its reply
      const [counts, metrics] = [await model.counts(), await metricsOf(platform)];
      const counted = (name: string, labels: Labels): number =>
        sumOf(metrics, name, labels) - sumOf(metricsBefore, name, labels);
      let [difference, compared] = [0, 0];
      for (const [key, wanted] of byRouteAndStatus(load.ledger)) {
        const [method = "", route = "", status = ""] = key.split(" ");
        const value = counted(requestCount, { method, route, status });
        if (value !== wanted) console.error(`reliability: O1 ${key}: ${value} counted, ${wanted} sent`);
        difference += Math.abs(value - wanted);
        compared += 1;
      }
      const all = counted(requestCount, {});
      const failed = load.ledger.filter(({ code }) => code !== "ok").length;
      return [
        shown("requests", load.ledger.length, ""),
        shown("failed requests", failed, ""),
        shown("pairs of route and status", compared, ""),
        exactly("requests counted otherwise than sent", difference, 0),
        exactly("counted requests that were not sent", all - load.ledger.length - ownRequests, 0),
        shown("requests that the model server got", counts.requests - countsBefore.requests, ""),
        ...serverFaults(platform.server),
      ];
    } finally {
      await platform.close();
      model.close();
    }
  },
};

type Labels = Readonly<Record<string, string>>;

/** Counts the ledger by `METHOD route status`, with the route as the server declares it. */
function byRouteAndStatus(ledger: readonly LedgerEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, status } of ledger) {
    const key = `${loadOperations[kind].replaceAll(/\{(\w+)\}/g, ":$1")} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function metricsOf({ send }: Platform): Promise<string> {
  return await (await send("GET", "/api/v1/metrics")).text();
}

/** Sums the samples of a metric that have these labels. */
function sumOf(metrics: string, name: string, labels: Labels): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return metrics
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((one) => line.includes(one)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
