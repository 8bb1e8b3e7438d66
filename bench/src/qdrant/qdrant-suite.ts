import { loadavg } from "node:os";
import { qdrantMissing, startQdrant } from "../../../tests/servers/qdrant.ts";
import type { Measured } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { measureServer, type ServerFigures } from "./measure-server.ts";
import { measureSink, searchesInRun, type SinkTimes } from "./measure-sink.ts";

const SEED = 7;
const RAW = "fetch and JSON";
const CLIENT = "@qdrant/js-client-rest";
/** The double needs about 30 times as long for a point as a server. */
const POINTS = { server: 20_000, double: 2_000 } as const;

/** Writes, searches and reads with vectors beside two peers, the bare client and a plain fetch. */
export async function qdrantSuite(options: readonly string[]): Promise<boolean> {
  const missing = qdrantMissing();
  if (missing !== undefined) throw new Error(`bench qdrant: ${missing}`);
  const server = await startQdrant();
  try {
    const given = options.find((option) => option.startsWith("--points="))?.slice("--points=".length);
    const points = Number(given ?? (server.isDouble ? POINTS.double : POINTS.server));
    const base: Base = {
      suite: "qdrant",
      seed: SEED,
      server: server.isDouble ? "double" : "QDRANT_URL",
      load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
      versions: versionsOf(["@binnacle/retriever", "@langchain/qdrant", "@mastra/qdrant", CLIENT]),
    };
    const rows = [
      ...sinkRows(await measureSink(server.url, server.apiKey, SEED), base),
      ...serverRows(await measureServer(server.url, server.apiKey, { points, seed: SEED }), base),
    ];
    return printFigures(
      `Qdrant: ${points} points of 1536 numbers on the ${server.isDouble ? "double" : "server"}; load ${base.load}`,
      rows,
    );
  } finally {
    await server.close();
  }
}

interface Base extends Pick<Row, "suite" | "seed" | "versions"> {
  readonly server: string;
  readonly load: number;
}

// The least of the runs, because other work on the machine disturbs it least.
function sinkRows({ points, upsert, read, search }: SinkTimes, base: Base): readonly Row[] {
  const over = (times: SinkTimes["upsert"], name: string): number =>
    round(cpu(times, "ours") / cpu(times, name));
  const client = (times: SinkTimes["read"]): number => round(cpu(times, "client") / cpu(times, "ours"));
  const [mine, raw] = [wall(search, "ours") / searchesInRun, wall(search, "raw") / searchesInRun];
  const upsertRatio = over(upsert, "raw");
  const readRatio = client(read);
  return [
    ...cpuRows(`upsert of ${points} points, sink: processor time`, upsert, base),
    {
      ...base,
      row: "upsert, sink: against a fetch of the same body",
      value: upsertRatio,
      unit: "times its processor time",
      target: "<= 1.1",
      ok: upsertRatio <= 1.1,
    },
    ...cpuRows("read of 100 points with vectors: processor time", read, base),
    {
      ...base,
      row: "read with vectors: against the bare client",
      value: readRatio,
      unit: "times less processor time",
      target: ">= 4",
      ok: readRatio >= 4,
    },
    {
      ...base,
      row: "search, prepared answer: over a fetch",
      value: round(mine - raw),
      unit: "ms",
      target: "<= 1",
      ok: mine - raw <= 1,
      inCpuMs: round((cpu(search, "ours") - cpu(search, "raw")) / searchesInRun),
    },
  ];
}

function cpuRows(row: string, times: SinkTimes["upsert"], base: Base): readonly Row[] {
  const peers: Readonly<Record<string, string | undefined>> = { raw: RAW, client: CLIENT };
  return times.map(({ name, minCpuMs, cpuMs, medianMs, minMs, maxMs, runs }) => ({
    ...base,
    row,
    value: round(minCpuMs),
    unit: "CPU ms",
    medianCpuMs: round(cpuMs),
    wallMs: round(medianMs),
    minMs: round(minMs),
    maxMs: round(maxMs),
    runs,
    ...(peers[name] !== undefined && { peer: peers[name] }),
  }));
}

function serverRows(figures: readonly ServerFigures[], base: Base): readonly Row[] {
  return figures.flatMap(
    ({ name, points, present, requestsPerSearch, found, searches, upsertMs, slow }, i) => {
      const isOurs = i === 0;
      const peer = isOurs ? {} : { peer: name };
      const exactly = (wanted: number, value: number): Partial<Row> =>
        isOurs ? { target: String(wanted), ok: value === wanted, correct: value === wanted } : {};
      return [
        {
          ...base,
          ...peer,
          row: "points present",
          value: present,
          unit: "points",
          ...exactly(points, present),
        },
        {
          ...base,
          ...peer,
          row: "requests per search",
          value: requestsPerSearch,
          unit: "requests",
          ...exactly(1, requestsPerSearch),
        },
        {
          ...base,
          ...peer,
          row: "queries that find themselves",
          value: found,
          unit: "searches",
          ...exactly(searches, found),
        },
        { ...base, ...peer, row: `upsert of ${points} points`, value: round(upsertMs), unit: "ms" },
        { ...base, ...peer, row: "search, 5 ms of latency", value: round(slow.searchMs), unit: "ms" },
        {
          ...base,
          ...peer,
          row: "upsert of 20 points, 5 ms of latency",
          value: round(slow.upsertMs),
          unit: "ms",
        },
      ];
    },
  );
}

function cpu(times: readonly Measured<unknown>[], name: string): number {
  return times.find((each) => each.name === name)?.minCpuMs ?? Number.NaN;
}

function wall(times: readonly Measured<unknown>[], name: string): number {
  return times.find((each) => each.name === name)?.minMs ?? Number.NaN;
}

const round = (value: number): number => Math.round(value * 100) / 100;
