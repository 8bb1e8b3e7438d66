import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { dimensions, fill, filledBatches, randomNumbers } from "../../../tests/reliability/filled-store.ts";
import type { Platform } from "../../../tests/reliability/scoreboard/platform/stand/start-platform.ts";
import type { Row } from "../report.ts";
import { closedLoop } from "./closed-loop.ts";
import type { ServerBase } from "./server-base.ts";

const requests = 500;
const clients = 16;

/** Searches by vectors over the HTTP API, and over a store of the same kind in this process. */
export async function measureSearch(
  { url, headers, server }: Platform,
  base: ServerBase,
  points: number,
): Promise<readonly Row[]> {
  const random = randomNumbers(11);
  const vectors = Array.from({ length: 64 }, () => Array.from({ length: dimensions }, () => random() - 0.5));
  const vectorOf = (number: number): number[] => vectors[number % vectors.length] ?? [];
  const bodies = vectors.map((vector) => JSON.stringify({ collection: "filled", vector, limit: 10 }));
  const ask = {
    url: `${url}/api/v1/vectors/search`,
    headers,
    body: (number: number) => bodies[number % bodies.length] ?? "",
    requests,
    clients,
  };
  await closedLoop(ask);
  const before = await server.probe();
  const found = await closedLoop(ask);
  const after = await server.probe();
  const library = await librarySearches(points, vectorOf);
  const row = `search in ${points} points of ${dimensions} numbers, ${clients} at a time`;
  const thousand = (value: number): Partial<Row> => ({ target: ">= 1000", ok: value >= 1000 });
  return [
    {
      ...base,
      row: `${row}: the API, on SQLite`,
      value: round(found.perSecond),
      unit: "/s",
      ...thousand(found.perSecond),
      correct: found.failed === 0,
    },
    { ...base, row: `${row}: the API, on SQLite, p99`, value: round(found.p99Ms), unit: "ms" },
    {
      ...base,
      row: `${row}: the API, on SQLite, processor time`,
      value: round((after.cpuMs - before.cpuMs) / requests),
      unit: "ms",
    },
    {
      ...base,
      row: `${row}: the API, on SQLite, longest stretch`,
      value: round(after.stretchMs),
      unit: "ms",
      target: "<= 50",
      ok: after.stretchMs <= 50,
    },
    {
      ...base,
      row: `${row}: the library, on SQLite`,
      value: round(library),
      unit: "/s",
      ...thousand(library),
    },
  ];
}

/** Searches in a `SqliteStore` of this process, as the API's server does in its own. */
async function librarySearches(points: number, vectorOf: (number: number) => number[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "binnacle-bench-search-"));
  const store = new SqliteStore({ path: join(folder, "filled.db") });
  try {
    const collection = await fill(store, filledBatches(points, randomNumbers(7)));
    const search = async (number: number): Promise<void> => {
      await collection.search({ legs: [{ dense: Float32Array.from(vectorOf(number)) }], limit: 10 });
    };
    for (let number = 0; number < requests; number++) await search(number);
    let next = 0;
    const from = performance.now();
    const client = async (): Promise<void> => {
      for (let number = next++; number < requests; number = next++) await search(number);
    };
    await Promise.all(Array.from({ length: clients }, client));
    return requests / ((performance.now() - from) / 1000);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
