import { measureLatency, type LatencyLoad } from "./live/latency.ts";
import { measurePipeline } from "./live/pipeline.ts";
import { measureRestarts } from "./live/restart.ts";
import { printFigures, type Row } from "./report.ts";
import { versionsOf } from "./versions.ts";

const documents = 20_000;
const embedMs = 20;

type RowBase = Pick<Row, "suite" | "versions" | "seed">;

/**
 * Measures how fast a followed source becomes searchable, the cost of a restart, and how much of its embedder
 * an ingest uses. `--latency`, `--restart` or `--pipeline` selects one part. Returns true if all changes
 * became searchable.
 */
export async function liveSuite(options: readonly string[]): Promise<boolean> {
  const base: RowBase = { suite: "live", versions: versionsOf(["@binnacle/retriever"]), seed: "none" };
  const isAsked = (part: string): boolean => options.length === 0 || options.includes(`--${part}`);
  console.log(
    `live: the indexer's defaults; the embedder answers after ${embedMs} ms (latency) or 100 ms for 24 × 32 texts (pipeline), with prepared vectors; Node ${process.versions.node}`,
  );
  const rows: readonly Row[] = [
    ...(isAsked("latency") ? await latencyRows(base) : []),
    ...(isAsked("restart") ? await restartRows(base) : []),
    ...(isAsked("pipeline") ? await pipelineRows(base) : []),
  ];
  return printFigures("live", rows);
}

const loads: readonly (LatencyLoad & { readonly row: string; readonly targetMs: number })[] = [
  {
    row: "a lone change, memory",
    kind: "memory",
    changesPerSecond: 1.3,
    changes: 12,
    embedMs,
    targetMs: 60 + embedMs,
  },
  {
    row: "a lone change, SQLite",
    kind: "sqlite",
    changesPerSecond: 1.3,
    changes: 12,
    embedMs,
    targetMs: 60 + embedMs,
  },
  {
    row: "50 changes a second, memory",
    kind: "memory",
    changesPerSecond: 50,
    changes: 250,
    embedMs,
    targetMs: 120,
  },
  {
    row: "50 changes a second, SQLite",
    kind: "sqlite",
    changesPerSecond: 50,
    changes: 250,
    embedMs,
    targetMs: 120,
  },
];

async function latencyRows(base: RowBase): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { row, targetMs, ...load } of loads) {
    const { p50Ms, p99Ms, isComplete } = await measureLatency(load);
    rows.push({
      ...base,
      row: `${row}: change to searchable, p50`,
      value: round(p50Ms),
      unit: "ms",
      target: `<= ${targetMs}`,
      ok: p50Ms <= targetMs,
      p99Ms: round(p99Ms),
      changes: load.changes,
      correct: isComplete,
    });
  }
  return rows;
}

const restartTargetsMs: ReadonlyMap<number, number> = new Map([
  [60, 500],
  [240, 800],
]);

async function restartRows(base: RowBase): Promise<readonly Row[]> {
  const restarts = await measureRestarts(documents, [1, 60, 240]);
  const [first] = restarts;
  const rows = restarts.map(({ scopes, medianMs, cpuMs, minMs, maxMs, runs, result }): Row => {
    const targetMs = restartTargetsMs.get(scopes);
    return {
      ...base,
      row: `restart, ${documents} unchanged documents in ${scopes} scopes, SQLite`,
      value: round(medianMs),
      unit: "ms",
      ...(targetMs === undefined ? {} : { target: `<= ${targetMs}`, ok: medianMs <= targetMs }),
      cpuMs: round(cpuMs),
      minMs: round(minMs),
      maxMs: round(maxMs),
      runs,
      correct: result === documents,
    };
  });
  const ratios = restarts.slice(1).map(({ scopes, medianMs }): Row => {
    const ratio = medianMs / (first?.medianMs ?? Number.NaN);
    const row = `restart, ${scopes} scopes to 1`;
    return { ...base, row, value: round(ratio), unit: "times", target: "<= 2", ok: ratio <= 2 };
  });
  return [...rows, ...ratios];
}

async function pipelineRows(base: RowBase): Promise<readonly Row[]> {
  const { ingestPerSecond, ingestCpuMs, embedderPerSecond, isComplete } = await measurePipeline(documents);
  const part = ingestPerSecond / embedderPerSecond;
  return [
    { ...base, row: "embedder alone", value: round(embedderPerSecond), unit: "texts/s" },
    {
      ...base,
      row: `ingest of ${documents} documents into memory`,
      value: round(ingestPerSecond),
      unit: "documents/s",
      cpuMs: round(ingestCpuMs),
      correct: isComplete,
    },
    {
      ...base,
      row: "ingest, part of the embedder's rate",
      value: round(100 * part),
      unit: "%",
      target: ">= 70",
      ok: part >= 0.7,
    },
  ];
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
