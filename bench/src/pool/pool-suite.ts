import { loadavg } from "node:os";
import {
  leastBusy,
  pooled,
  roundRobin,
  type Balanced,
} from "../../../tests/reliability/scoreboard/backends/balanced.ts";
import {
  killedReplica,
  measureFault,
  refusingReplicas,
  slowedReplica,
  startFleet,
  type Fault,
  type FaultFigures,
  type Fleet,
} from "../../../tests/reliability/scoreboard/backends/broken-fleet.ts";
import { llamaServerMissing } from "../../../tests/servers/llama-server.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { measureAffinity } from "./measure-affinity.ts";
import { measureRealKill } from "./measure-real-kill.ts";

const SEED = 7;
type Base = Pick<Row, "suite" | "seed" | "versions"> & { readonly load: number };
type Judged = readonly [
  figure: string,
  value: number,
  unit: string,
  target?: string,
  ok?: boolean,
  correct?: boolean,
];

/**
 * Three fake replicas with drawn service times under faults, beside round robin and least busy, and a kill of a
 * real llama-server. `--full` gives the other ways to spread calls as long a fault as ours.
 */
export async function poolSuite(options: readonly string[]): Promise<boolean> {
  const isFull = options.includes("--full");
  const base: Base = {
    suite: "pool",
    seed: SEED,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: versionsOf(["@binnacle/inference"]),
  };
  const faults: readonly FaultRows[] = [
    ["one killed", killedReplica, 10_000, judgeKilled, [roundRobin, leastBusy]],
    ["one 20 times slower", slowedReplica, 10_000, judgeSlowed, [withoutHedging, roundRobin, leastBusy]],
    ["all refusing", refusingReplicas, 30_000, judgeRefusing, [roundRobin, leastBusy]],
  ];
  const rows: Row[] = [];
  for (const [name, faultOf, faultMs, judge, others] of faults)
    for (const create of [pooled, ...others]) {
      const isOurs = create === pooled;
      const figures = await measured(create, faultOf(isOurs || isFull ? faultMs : 4_000));
      for (const [figure, value, unit, target, ok, correct] of judge(figures))
        rows.push({
          ...base,
          row: `${name}: ${figure}`,
          value: rounded(value),
          unit,
          ...(isOurs ? { target, ok, ...(correct === undefined ? {} : { correct }) } : { peer: create.name }),
        });
    }
  rows.push(...(await realKillRows(base)), ...(await affinityRows(base)));
  return printFigures(`Pool: three replicas at 100 calls per second; load ${base.load}`, rows);
}

/** A fault, how long it lasts, its figures, and the other ways to spread calls that it is measured with. */
type FaultRows = readonly [
  name: string,
  faultOf: (faultMs: number) => Fault,
  faultMs: number,
  judge: (figures: FaultFigures) => readonly Judged[],
  others: readonly ((replicas: Fleet["replicas"]) => Balanced)[],
];

function withoutHedging(replicas: Fleet["replicas"]): Balanced {
  return pooled(replicas, { hedging: false }, "pool without hedging");
}

async function measured(
  create: (replicas: Fleet["replicas"]) => Balanced,
  fault: Fault,
): Promise<FaultFigures> {
  const fleet = await startFleet(SEED);
  const side = create(fleet.replicas);
  try {
    return await measureFault(fleet, side, fault);
  } finally {
    await side.close();
    fleet.close();
  }
}

function judgeKilled(figures: FaultFigures): readonly Judged[] {
  const { failed, baselineMs, p99Ms, ejectedMs, requests } = figures;
  return [
    [`failed of ${requests}`, failed, "calls", "0", failed === 0, failed === 0],
    ["p99 before", baselineMs, "ms"],
    ["p99 against before", p99Ms / baselineMs, "times", "<= 2", p99Ms <= 2 * baselineMs],
    ["ejected after", ejectedMs, "ms", "<= 1000", ejectedMs <= 1_000],
  ];
}

function judgeSlowed({ baselineMs, p99Ms, hedged, failed }: FaultFigures): readonly Judged[] {
  return [
    ["failed", failed, "calls", "0", failed === 0, failed === 0],
    ["p99 before", baselineMs, "ms"],
    ["p99 against before", p99Ms / baselineMs, "times", "<= 1.5", p99Ms <= 1.5 * baselineMs],
    ["calls with a second attempt", hedged * 100, "%", "<= 5", hedged <= 0.05],
  ];
}

function judgeRefusing({ amplification, recoveredMs }: FaultFigures): readonly Judged[] {
  return [
    ["requests per call", amplification, "", "<= 1.2", amplification <= 1.2],
    ["last failure after the end", recoveredMs, "ms", "<= 2000", recoveredMs <= 2_000],
  ];
}

/** The kill once more, on real llama-servers with a small model. Their rate depends on the machine's cores. */
async function realKillRows(base: Base): Promise<readonly Row[]> {
  const perSecond = 20;
  const missing = await llamaServerMissing("own");
  if (missing !== undefined)
    return [{ ...base, row: `one llama-server killed: ${missing}`, value: "–", unit: "" }];
  const figures = await measureRealKill(perSecond);
  const { requests, failed, baselineMs, p99Ms, ejectedMs, restoredMs } = figures;
  const name = `one of three llama-servers killed at ${perSecond} calls per second`;
  const row = ([figure, value, unit, target, ok, correct]: Judged): Row => ({
    ...base,
    row: `${name}: ${figure}`,
    value: rounded(value),
    unit,
    ...(target === undefined ? {} : { target, ok }),
    ...(correct === undefined ? {} : { correct }),
  });
  return [
    row([`failed of ${requests}`, failed, "calls", "0", failed === 0, failed === 0]),
    row(["p99 before", baselineMs, "ms"]),
    row(["p99 against before", p99Ms / baselineMs, "times", "<= 2", p99Ms <= 2 * baselineMs]),
    row(["ejected after", ejectedMs, "ms", "<= 1000", ejectedMs <= 1_000]),
    row(["takes calls again after", restoredMs, "ms"]),
  ];
}

async function affinityRows(base: Base): Promise<readonly Row[]> {
  const fleet = await startFleet(SEED);
  try {
    const [off, on] = [await measureAffinity(fleet, false), await measureAffinity(fleet, true)];
    const row = (name: string, value: number, unit: string): Row => ({
      ...base,
      row: name,
      value: rounded(value),
      unit,
    });
    return [
      row("affinity on: prompt tokens from the cache", on.cachedShare * 100, "%"),
      row("affinity off: prompt tokens from the cache", off.cachedShare * 100, "%"),
      row("affinity on: median call", on.medianMs, "ms"),
      row("affinity off: median call", off.medianMs, "ms"),
    ];
  } finally {
    fleet.close();
  }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
