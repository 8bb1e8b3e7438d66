import { measureDuplicates, measureHits, type CacheHits, type Duplicates } from "./index-cache.ts";
import type { RowBase } from "./index-sync-rows.ts";
import { printTable, rangeOf, type Row } from "./report.ts";

/** Small models, `text-embedding-3-small`, and Qwen3-VL-8B, whose vectors the first brief stores. */
const MEASURED_DIMENSIONS = [768, 1536, 4096];
const PEER = "@langchain/classic CacheBackedEmbeddings";

/** Prints the tables of both sides' embedding caches and makes their rows. */
export async function reportCaches(texts: readonly string[], base: RowBase): Promise<readonly Row[]> {
  const duplicates = duplicateRows(await measureDuplicates(texts), base);
  const hits: Row[] = [];
  for (const dimensions of MEASURED_DIMENSIONS)
    hits.push(...hitRows(await measureHits(texts, dimensions), base));
  printTable(
    "Equal texts: what the model is given",
    ["", "Binnacle", "LangChain", "target"],
    duplicates
      .filter(({ peer }) => peer === undefined)
      .map(({ row, value, target }) => {
        const theirs = duplicates.find((other) => other.peer !== undefined && other.row === row);
        return [row, value, theirs?.value, target].map(String);
      }),
  );
  printTable(
    "Cached embeddings, one pass over all of them",
    ["", "value", "unit", "min–max", "target", "ok"],
    hits.map((row) => [
      row.peer === undefined ? row.row : `${row.row} (LangChain)`,
      String(row.value),
      row.unit,
      rangeOf(row),
      row.target ?? "",
      row.ok === undefined ? "" : row.ok ? "yes" : "no",
    ]),
  );
  return [...duplicates, ...hits];
}

function duplicateRows(found: Duplicates, base: RowBase): readonly Row[] {
  const { texts, distinct, oursEmbedded, langchainEmbedded, ourQueryCalls, langchainQueryCalls } = found;
  const pair = (row: string, ours: number, theirs: number, wanted: number): readonly Row[] => [
    {
      ...base,
      row,
      value: ours,
      unit: "texts",
      target: String(wanted),
      ok: ours === wanted,
      correct: ours === wanted,
    },
    { ...base, row, value: theirs, unit: "texts", peer: PEER },
  ];
  return [
    ...pair(`${texts} texts, ${distinct} distinct`, oursEmbedded, langchainEmbedded, distinct),
    ...pair("50 equal queries at once", ourQueryCalls, langchainQueryCalls, 1),
  ];
}

function hitRows(hits: CacheHits, base: RowBase): readonly Row[] {
  const { ours, limit, langchain, langchainRounded, texts, dimensions } = hits;
  const maxBytes = 4 * dimensions + 32;
  const isRight = hits.misses === 0 && hits.isExact;
  const time = (row: string, { cpuMs, medianMs, minMs, maxMs, runs }: CacheHits["ours"]): Row => ({
    ...base,
    row,
    value: round(cpuMs),
    unit: "CPU ms",
    wallMs: round(medianMs),
    minMs: round(minMs),
    maxMs: round(maxMs),
    runs,
  });
  const ratio = (row: string, theirs: CacheHits["ours"]): Row => ({
    ...base,
    row,
    value: round(theirs.cpuMs / ours.cpuMs),
    unit: "times as fast",
    target: ">= 20",
    ok: theirs.cpuMs / ours.cpuMs >= 20,
  });
  const bytes = (row: string, value: number): Row => ({ ...base, row, value, unit: "bytes per value" });
  const [name, rounded] = [`${texts} x ${dimensions} hits`, "numbers of 8 decimals"];
  return [
    { ...time(name, ours), correct: isRight },
    time(`${name}: hash, checksum and copy alone`, limit),
    { ...time(name, langchain), peer: PEER },
    { ...time(`${name}, ${rounded}`, langchainRounded), peer: PEER },
    {
      ...base,
      row: `${dimensions}: against hash, checksum and copy alone`,
      value: round(ours.cpuMs / limit.cpuMs),
      unit: "times its cost",
      target: "<= 2",
      ok: ours.cpuMs <= 2 * limit.cpuMs,
    },
    ratio(`${dimensions}: against LangChain`, langchain),
    ratio(`${dimensions}: against LangChain, ${rounded}`, langchainRounded),
    {
      ...bytes(`${dimensions}: largest value`, hits.ourBytes),
      target: `<= ${maxBytes}`,
      ok: hits.ourBytes <= maxBytes,
      correct: hits.ourBytes <= maxBytes,
    },
    { ...bytes(`${dimensions}: mean value`, hits.langchainBytes), peer: PEER },
    { ...bytes(`${dimensions}: mean value, ${rounded}`, hits.langchainRoundedBytes), peer: PEER },
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;
