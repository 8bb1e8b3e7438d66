import { loadavg } from "node:os";
import { llamaServerMissing, startLlamaServer } from "../../../tests/servers/llama-server.ts";
import { measureAlternating, type Contender, type Measured } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { startReplay } from "./start-replay.ts";
import {
  bareReader,
  memoryFetch,
  openAIReader,
  ourOpenAIReader,
  ourReader,
  type ReadStream,
} from "./stream-readers.ts";
import { chatChunks } from "./wire-fixtures.ts";

const EVENTS = { memory: 10_000, socket: 2_000 } as const;
const OPENAI = "openai";

type Base = Pick<Row, "suite" | "seed" | "versions"> & { readonly load: number };

/** Measures what a stream costs the client, beside the `openai` package and a bare parser. */
export async function streamSuite(): Promise<boolean> {
  const base: Base = {
    suite: "stream",
    seed: 7,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: versionsOf(["@binnacle/inference", OPENAI]),
  };
  const rows = [...(await memoryRows(base)), ...(await socketRows(base)), ...(await serverRows(base))];
  return printFigures(`Streams; load ${base.load}`, rows);
}

/** Parsing alone: the bytes come from memory. */
async function memoryRows(base: Base): Promise<readonly Row[]> {
  const bytes = chatChunks(EVENTS.memory);
  const fetch = memoryFetch(bytes, "text/event-stream");
  const url = "http://127.0.0.1:1";
  const times = await measure({
    ours: ourReader(url, fetch),
    [OPENAI]: openAIReader(url, fetch),
    bare: bareReader(url, fetch),
  });
  const each = (name: string): number => round((cpu(times, name) * 1_000) / EVENTS.memory);
  const value = each("ours");
  return [
    {
      ...base,
      row: "client CPU per event, from memory",
      value,
      unit: "µs",
      target: "≤ 2.5",
      ok: value <= 2.5,
      ...sameText(times),
    },
    { ...base, row: "the same, openai", value: each(OPENAI), unit: "µs", peer: OPENAI },
    {
      ...base,
      row: "the same, bare parser over a web stream",
      value: each("bare"),
      unit: "µs",
      peer: "bare",
    },
  ];
}

/** A stream over a socket, one event in each piece. */
async function socketRows(base: Base): Promise<readonly Row[]> {
  const replay = await startReplay(EVENTS.socket);
  try {
    const readers = {
      ours: ourReader(replay.url),
      "ours over openai": ourOpenAIReader(replay.url),
      [OPENAI]: openAIReader(replay.url),
      bare: bareReader(replay.url),
    };
    const times = await measure(readers);
    const each = (name: string): number => round((cpu(times, name) * 1_000) / EVENTS.socket);
    const ratio = round(cpu(times, "ours") / cpu(times, "bare"));
    const first = await firstTokens(readers);
    // Both of a pair ran in the same moment of a busy machine.
    const bare = first.get("bare") ?? [];
    const late = round(medianOf((first.get("ours") ?? []).map((ms, index) => ms - (bare[index] ?? NaN))));
    return [
      {
        ...base,
        row: "client CPU per token, replayed: × raw fetch with a bare parser",
        value: ratio,
        unit: "×",
        target: "≤ 1.2",
        ok: ratio <= 1.2,
        ...sameText(times),
      },
      ...Object.keys(readers).map((name) => ({
        ...base,
        row: `client CPU per token, replayed: ${name}`,
        value: each(name),
        unit: "µs",
      })),
      {
        ...base,
        row: "first token, later than raw fetch",
        value: late,
        unit: "ms",
        target: "≤ 2",
        ok: late <= 2,
      },
      ...[...first].map(([name, all]) => ({
        ...base,
        row: `first token: ${name}`,
        value: round(medianOf(all)),
        unit: "ms",
      })),
    ];
  } finally {
    await replay.close();
  }
}

/** Returns the milliseconds until the first text of each round, in alternating order. */
async function firstTokens(
  readers: Readonly<Record<string, ReadStream>>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(Object.keys(readers).map((name) => [name, []]));
  for (let round = 0; round < 21; round++) {
    const order = Object.entries(readers);
    for (const [name, read] of round % 2 === 0 ? order : order.toReversed()) {
      const startedAt = performance.now();
      let first = NaN;
      await read("first token", () => (first = performance.now() - startedAt));
      times.get(name)?.push(first);
    }
  }
  return times;
}

/** The rate of a real llama-server, for information. */
async function serverRows(base: Base): Promise<readonly Row[]> {
  const missing = await llamaServerMissing();
  if (missing !== undefined) return [{ ...base, row: `llama-server: ${missing}`, value: "–", unit: "" }];
  const server = await startLlamaServer({ kind: "chat" });
  try {
    const rows: Row[] = [];
    for (const [name, read] of [
      ["ours", ourReader(server.url)],
      ["raw fetch", bareReader(server.url)],
    ] as const) {
      await read("Count from one to ten.");
      const startedAt = performance.now();
      let firstAt = NaN;
      const text = await read("Write a long story about a harbour.", () => (firstAt = performance.now()));
      const characters = text.length / ((performance.now() - firstAt) / 1_000);
      rows.push(
        {
          ...base,
          row: `llama-server, characters after the first token: ${name}`,
          value: round(characters),
          unit: "1/s",
        },
        { ...base, row: `llama-server, first token: ${name}`, value: round(firstAt - startedAt), unit: "ms" },
      );
    }
    return rows;
  } finally {
    await server.close();
  }
}

function measure(readers: Readonly<Record<string, ReadStream>>): Promise<readonly Measured<string>[]> {
  const contenders = Object.entries(readers).map(([name, read]): Contender<string> => ({
    name,
    run: () => read("replay"),
    runs: 25,
    warmups: 5,
  }));
  return measureAlternating(contenders);
}

function sameText(times: readonly Measured<string>[]): { readonly correct: boolean } {
  return { correct: new Set(times.map(({ result }) => result)).size === 1 };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function cpu(times: readonly Measured<string>[], name: string): number {
  return times.find((one) => one.name === name)?.minCpuMs ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
