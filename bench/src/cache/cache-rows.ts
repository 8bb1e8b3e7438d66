import type { Page } from "../index-corpus.ts";
import type { RowBase } from "../index-sync-rows.ts";
import type { Measured } from "../measure.ts";
import { printTable, rangeOf, type Row } from "../report.ts";
import { cachedTexts } from "./cached-texts.ts";
import { measureDuplicates, type Duplicates } from "./duplicates.ts";
import { measureHits, type CacheHits, type HitFacts, type HitSetting } from "./hits.ts";

/** Vectors of small models, of `text-embedding-3-small`, and of Qwen3-VL-8B, which the first brief stores. */
const SETTINGS: readonly Omit<HitSetting, "seed">[] = [
  { dimensions: 768, kind: "questions" },
  { dimensions: 768, kind: "chunks" },
  { dimensions: 1536, kind: "chunks" },
  { dimensions: 4096, kind: "chunks" },
];
const PEER = "@langchain/classic CacheBackedEmbeddings";

/** Prints the tables of both sides' embedding caches and returns their rows. */
export async function reportCaches(
  { pages, seed }: { readonly pages: readonly Page[]; readonly seed: number },
  base: RowBase,
): Promise<readonly Row[]> {
  const duplicates = duplicateRows(await measureDuplicates(cachedTexts(pages, "chunks")), base);
  const hits: Row[] = [];
  for (const setting of SETTINGS) {
    console.error(`index: cache hits, ${setting.kind}, ${setting.dimensions} dimensions`);
    hits.push(...hitRows(await measureHits({ ...setting, seed }), base));
  }
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
  const { ours, copies, langchain, langchainRounded } = hits;
  const { dimensions, kind } = hits.setting;
  const name = `2,000 ${kind} x ${dimensions}`;
  const rounded = "numbers of 8 decimals";
  const time = (row: string, { cpuMs, medianMs, minMs, maxMs, runs }: Measured<HitFacts>): Row => ({
    ...base,
    row,
    value: round(medianMs),
    unit: "ms",
    cpuMs: round(cpuMs),
    minMs: round(minMs),
    maxMs: round(maxMs),
    runs,
  });
  const ourTime = (row: string, measured: Measured<HitFacts>): Row => ({
    ...time(row, measured),
    correct: measured.result.misses === 0 && measured.result.isExact,
  });
  const ratio = (row: string, mine: Measured<HitFacts>, theirs: Measured<HitFacts>): Row => ({
    ...base,
    row,
    value: round(theirs.cpuMs / mine.cpuMs),
    unit: "times less processor time",
    inWallTime: round(theirs.medianMs / mine.medianMs),
  });
  const fast = (row: Row): Row => ({ ...row, target: ">= 10", ok: Number(row.value) >= 10 });
  return [
    ourTime(name, ours),
    time(`${name}: copies alone`, copies),
    { ...time(name, langchain), peer: PEER },
    { ...time(`${name}, ${rounded}`, langchainRounded), peer: PEER },
    fast(ratio(`${name}: against LangChain`, ours, langchain)),
    ratio(`${name}: against LangChain, ${rounded}`, ours, langchainRounded),
    ...byteRows(hits, base, name),
  ];
}

function byteRows(
  { setting, ours, langchain, langchainRounded }: CacheHits,
  base: RowBase,
  name: string,
): readonly Row[] {
  const maxBytes = 4 * setting.dimensions + 32;
  const row = (title: string, value: number): Row => ({
    ...base,
    row: title,
    value,
    unit: "bytes per value",
  });
  return [
    {
      ...row(`${name}: largest value`, ours.result.bytes),
      target: `<= ${maxBytes}`,
      ok: ours.result.bytes <= maxBytes,
      correct: ours.result.bytes <= maxBytes,
    },
    { ...row(`${name}: mean value`, langchain.result.bytes), peer: PEER },
    { ...row(`${name}: mean value, numbers of 8 decimals`, langchainRounded.result.bytes), peer: PEER },
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;
