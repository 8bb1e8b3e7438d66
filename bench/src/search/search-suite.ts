import { MemoryStore } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import type { Upsert, VectorStore } from "@binnacle/core";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureAlternating, type Contender } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { langchain, ours, usearch, type Nearest } from "./contenders.ts";
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
      await firstSearchRow(join(folder, "first.sqlite")),
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
    atMost(rowOf("MemoryStore: longest stretch on the event loop", stretch, "ms"), 10),
    atMost(rowOf("SqliteStore: longest stretch on the event loop", workerStretch, "ms"), 10),
  ];
}

async function firstSearchRow(path: string): Promise<Row> {
  const vectors = unitVectors(openedCount, openedDimensions, 3);
  const store = new SqliteStore({ path });
  await fill(store, pointsOf(vectors, 40), openedDimensions);
  await store.close();
  const [query] = vectors;
  const run = (): Promise<number> => firstSearch(path, query ?? new Float32Array());
  const [measured] = await measureAlternating([{ name: "first", run, runs: 3, warmups: 0 }]);
  const name = `SqliteStore: open, and first search of ${openedCount} × ${openedDimensions}`;
  const row = rowOf(name, measured?.medianMs ?? Number.NaN, "ms");
  return atMost({ ...row, minMs: fixed(measured?.minMs ?? 0), maxMs: fixed(measured?.maxMs ?? 0) }, 200);
}

async function firstSearch(path: string, query: Float32Array): Promise<number> {
  const store = new SqliteStore({ path });
  const hits = await store.collection("bench").search({ legs: [{ dense: query }], limit });
  await store.close();
  return hits.length;
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
