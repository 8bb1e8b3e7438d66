import type { Cache, Upsert } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { createCachedEmbedder, MemoryCache } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { FakeEmbedder } from "@binnacle/core/testing";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printRows, printTable, type Row } from "./report.ts";
import { versionsOf } from "./versions.ts";

const points = 1000;
const characters = 1000;
const dimensions = [384, 768, 1536, 2048, 4096];
const terms = 40;

/**
 * Measures the bytes of a point and of a cached vector. Returns true, because a size is neither right nor
 * wrong.
 */
export async function sizeSuite(): Promise<boolean> {
  const base = { suite: "size", versions: versionsOf(["@binnacle/retriever"]), seed: 0, unit: "bytes" };
  const rows: Row[] = [];
  for (const count of dimensions) {
    const [sqlite, cached] = [await bytesInSqlite(count), await bytesInCache(count)];
    const raw = count * 4;
    rows.push({
      ...base,
      row: `${count} dimensions: a point in SQLite`,
      value: sqlite,
      dimensions: count,
      raw,
    });
    rows.push({
      ...base,
      row: `${count} dimensions: a cached vector`,
      value: cached,
      dimensions: count,
      raw,
    });
  }
  const cells = rows.map(({ row, value, raw }) => [row, String(value), String(raw)]);
  printTable(
    `${points} points, texts of ${characters} characters, ${terms} terms, two fields`,
    ["row", "bytes", "the numbers alone"],
    cells,
  );
  printRows(rows);
  return true;
}

/** Measures the file after it was closed, which empties its write-ahead log. */
async function bytesInSqlite(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "binnacle-size-"));
  const path = join(folder, "size.sqlite");
  try {
    const empty = statSync(await fill(path, 0, count)).size;
    return Math.round((statSync(await fill(path, points, count)).size - empty) / points);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fill(path: string, howMany: number, count: number): Promise<string> {
  const store = new SqliteStore({ path });
  await store.ensureCollection({
    name: "size",
    dense: { spaceId: "random", dimensions: count },
    sparse: { encoderId: "random" },
    fields: { topic: "keyword", year: "integer" },
  });
  const collection = store.collection("size");
  for (let start = 0; start < howMany; start += 250) {
    const batch = Array.from({ length: 250 }, (_, i) => pointOf(start + i, count));
    const { failures } = await collection.write(batch);
    for (const failure of failures.values()) throw failure;
  }
  await store.close();
  return path;
}

function pointOf(number: number, count: number): Upsert {
  const documentId = `document-${number}`;
  const text = `Passage ${number}. `.padEnd(
    characters,
    "All hands keep the watch from eight bells to eight bells. ",
  );
  const indices = Uint32Array.from({ length: terms }, (_, i) => number * 7 + i * 131).sort();
  return {
    type: "upsert",
    id: pointId({ sourceId: "size", documentId, slot: 0 }),
    chunk: {
      sourceId: "size",
      documentId,
      slot: 0,
      index: 0,
      start: 0,
      end: text.length,
      text,
      context: "",
      tokens: 230,
      path: ["Watches"],
      contentHash: String(number),
      spaceId: "random",
      encoderId: "random",
      documentVersion: "1",
      mediaType: "text/plain",
    },
    metadata: { topic: `topic ${number % 30}`, year: 1990 + (number % 30) },
    dense: vectorOf(number, count),
    sparse: { indices, values: Float32Array.from(indices, (index) => 0.5 + (index % 100) / 100) },
  };
}

function vectorOf(number: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(number * count + i + 1));
}

async function bytesInCache(count: number): Promise<number> {
  let largest = 0;
  const memory = new MemoryCache();
  const cache: Cache = {
    getMany: (keys, options) => memory.getMany(keys, options),
    setMany: (entries, options) => {
      largest = Math.max(largest, ...entries.map(([, value]) => value.byteLength));
      return memory.setMany(entries, options);
    },
    deleteMany: (keys, options) => memory.deleteMany(keys, options),
    stats: () => memory.stats(),
    health: (options) => memory.health(options),
    close: () => memory.close(),
    [Symbol.asyncDispose]: () => memory.close(),
  };
  const embedder = createCachedEmbedder(new FakeEmbedder({ dimensions: count }), { cache });
  await embedder.embed(["one text", "another text"], { role: "document" });
  await embedder.close();
  return largest;
}
