import { MemoryStore } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import type { Leg, SearchQuery, Upsert, VectorStore } from "@binnacle/core";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureAlternating, type Contender } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { floats, langchain, ours, usearch, type Nearest } from "./contenders.ts";
import { longestStretch } from "./longest-stretch.ts";
import { pointsOf, unitVectors } from "./vector-data.ts";

const [count, dimensions, limit] = [50_000, 768, 10];
const [openedCount, openedDimensions] = [20_000, 384];
const searches = 5;
const versions = versionsOf(["@binnacle/retriever", "@langchain/classic", "usearch"]);

/** Measures exact search by vectors. Returns true if all found the same. */
export async function searchSuite(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "binnacle-search-"));
  try {
    return printFigures(`nearest ${limit} of ${count} × ${dimensions}`, [
      ...(await searchRows(join(folder, "warm.sqlite"))),
      ...(await firstSearchRows(join(folder, "first.sqlite"))),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function searchRows(path: string): Promise<readonly Row[]> {
  const vectors = unitVectors(count, dimensions, 1);
  const queries = unitVectors(searches, dimensions, 2);
  const [memory, sqlite] = [new MemoryStore({ maxBytes: 2 ** 30 }), new SqliteStore({ path })];
  const points = pointsOf(vectors, 0);
  for (const store of [memory, sqlite]) await fill(store, points, dimensions);
  const native = await usearch(vectors, dimensions, limit);
  const contenders: readonly (readonly [string, Nearest])[] = [
    ["MemoryStore", ours(memory.collection("bench"), limit)],
    ["SqliteStore", ours(sqlite.collection("bench"), limit)],
    ["loop over float32", floats(vectors, dimensions, limit)],
    ["LangChain MemoryVectorStore", await langchain(vectors, limit)],
    ...(typeof native === "string" ? [] : [["usearch exact", native] as const]),
  ];
  if (typeof native === "string") console.log(`skipped: usearch (${native})`);
  const measured = await measureAlternating(
    contenders.map(([name, nearest]): Contender<readonly (readonly number[])[]> => ({
      name,
      run: () => inTurn(queries, nearest),
      runs: 5,
      warmups: 1,
    })),
  );
  const stretch = await longestStretch(() => inTurn(queries, ours(memory.collection("bench"), limit)));
  const workerStretch = await longestStretch(() => inTurn(queries, ours(sqlite.collection("bench"), limit)));
  await Promise.all([memory.close(), sqlite.close()]);
  const [first] = measured;
  const cpuOf = (name: string): number =>
    (measured.find((each) => each.name === name)?.minCpuMs ?? Number.NaN) / searches;
  const exact = measured.find(({ name }) => name === "loop over float32")?.result ?? [];
  const same = (result: readonly (readonly number[])[]): boolean =>
    JSON.stringify(result) === JSON.stringify(first?.result);
  return [
    ...measured.map(({ name, medianMs, minMs, maxMs, minCpuMs, result, runs }): Row => ({
      ...rowOf(`${name}: a search`, medianMs / searches, "ms"),
      minMs: fixed(minMs / searches),
      maxMs: fixed(maxMs / searches),
      cpuMs: fixed(minCpuMs / searches),
      runs,
      ok: same(result),
    })),
    ratioRow(
      "processor time of LangChain's by ours",
      cpuOf("LangChain MemoryVectorStore") / cpuOf("MemoryStore"),
      8,
    ),
    atMost(
      rowOf("processor time of ours by usearch's", cpuOf("MemoryStore") / cpuOf("usearch exact"), "×"),
      2,
    ),
    ratioRow(
      "processor time of float32 by ours with INT8",
      cpuOf("loop over float32") / cpuOf("MemoryStore"),
      1,
    ),
    recallRow("MemoryStore: recall@10 with INT8", first?.result ?? [], exact),
    atMost(rowOf("MemoryStore: longest stretch on the event loop", stretch, "ms"), 10),
    atMost(rowOf("SqliteStore: longest stretch on the event loop", workerStretch, "ms"), 10),
  ];
}

async function firstSearchRows(path: string): Promise<readonly Row[]> {
  const points = pointsOf(unitVectors(openedCount, openedDimensions, 3), 40);
  const store = new SqliteStore({ path });
  await fill(store, points, openedDimensions);
  await store.close();
  const [point] = points;
  if (point?.dense === undefined || point.sparse === undefined) throw new Error("There is no point.");
  const opening: number[] = [];
  const first = async (...legs: [Leg, ...Leg[]]): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      const { openMs, searchMs } = await firstSearch(path, { legs, limit });
      opening.push(openMs);
      times.push(searchMs);
    }
    return times;
  };
  const size = `${openedCount} × ${openedDimensions}`;
  const dense = await first({ dense: point.dense });
  const hybrid = await first({ dense: point.dense }, { sparse: point.sparse });
  return [
    // The bench runs the sources, whose types Node strips first. A build opens faster.
    timesRow("SqliteStore: start the worker and open the file", opening),
    atMost(timesRow(`SqliteStore: first search of ${size}`, dense), 200),
    timesRow(`SqliteStore: first search of ${size} by vector and 40 terms`, hybrid),
  ];
}

async function firstSearch(
  path: string,
  query: SearchQuery,
): Promise<{ readonly openMs: number; readonly searchMs: number }> {
  const startedAt = performance.now();
  const store = new SqliteStore({ path });
  await store.health();
  const openedAt = performance.now();
  await store.collection("bench").search(query);
  const foundAt = performance.now();
  await store.close();
  return { openMs: openedAt - startedAt, searchMs: foundAt - openedAt };
}

function timesRow(name: string, times: readonly number[]): Row {
  const sorted = times.toSorted((a, b) => a - b);
  const row = rowOf(name, sorted[sorted.length >> 1] ?? Number.NaN, "ms");
  return { ...row, minMs: fixed(sorted[0] ?? 0), maxMs: fixed(sorted.at(-1) ?? 0), runs: times.length };
}

async function fill(store: VectorStore, points: readonly Upsert[], size: number): Promise<void> {
  await store.ensureCollection({
    name: "bench",
    dense: { spaceId: "bench", dimensions: size },
    ...(points[0]?.sparse && { sparse: { encoderId: "bench" } }),
    fields: { page: "integer" },
  });
  const collection = store.collection("bench");
  for (let start = 0; start < points.length; start += 1000) {
    const { failures } = await collection.write(points.slice(start, start + 1000));
    for (const failure of failures.values()) throw failure;
  }
}

async function inTurn(
  queries: readonly Float32Array[],
  nearest: Nearest,
): Promise<readonly (readonly number[])[]> {
  const results: (readonly number[])[] = [];
  for (const query of queries) results.push(await nearest(query));
  return results;
}

function recallRow(
  name: string,
  found: readonly (readonly number[])[],
  exact: readonly (readonly number[])[],
): Row {
  const places = exact.flatMap((nearest, i) => nearest.map((place) => found[i]?.includes(place) === true));
  const recall = places.filter(Boolean).length / places.length;
  return { ...rowOf(name, recall, "of 1"), target: ">= 0.99", met: recall >= 0.99 };
}

function rowOf(row: string, value: number, unit: string): Row {
  return { suite: "search", row, value: fixed(value), unit, versions, seed: 1 };
}

function ratioRow(row: string, value: number, least: number): Row {
  return { ...rowOf(row, value, "×"), target: `>= ${least}`, met: value >= least };
}

function atMost(row: Row, most: number): Row {
  return { ...row, target: `<= ${most}`, met: Number(row.value) <= most };
}

function fixed(value: number): number {
  return Number(value.toFixed(2));
}
