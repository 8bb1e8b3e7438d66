import { loadavg } from "node:os";
import { printRows, printTable, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { answerCache, batches, searchCache, unchangedDocuments, vectorCache } from "./cache-switches.ts";
import { hedging, promptAffinity } from "./fleet-switches.ts";
import { quantization, searchWorker } from "./store-switches.ts";
import type { Figures, Switched } from "./switched.ts";

const all: readonly Switched[] = [
  batches,
  vectorCache,
  searchCache,
  answerCache,
  promptAffinity,
  hedging,
  quantization,
  searchWorker,
  unchangedDocuments,
];

/** Measures each optimisation off and on. `--only=hedging,batches` chooses by the names' beginnings. */
export async function switchesSuite(options: readonly string[]): Promise<boolean> {
  const only = options
    .find((option) => option.startsWith("--only="))
    ?.slice("--only=".length)
    .split(",");
  const chosen = all.filter(({ name }) => only === undefined || only.some((one) => name.startsWith(one)));
  const base = {
    suite: "switches",
    seed: 7,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: versionsOf(["@binnacle/core", "@binnacle/retriever", "@binnacle/inference"]),
  };
  const cells: (readonly string[])[] = [];
  const rows: Row[] = [];
  for (const one of chosen) {
    const needs = one.missing?.();
    if (needs !== undefined) {
      cells.push([one.name, "-", "-", one.unit, `needs ${needs}`]);
      continue;
    }
    const { off, on } = await one.measure();
    const gain = gainOf(one, { off, on });
    cells.push([one.name, String(round(off)), String(round(on)), one.unit, gain]);
    rows.push({ ...base, row: one.name, value: round(on), unit: one.unit, off: round(off), gain });
  }
  printTable(`Optimisations off and on; load ${base.load}`, ["", "off", "on", "figure", "gain"], cells);
  printRows(rows);
  return true;
}

function gainOf({ isMoreBetter = false }: Switched, { off, on }: Figures): string {
  if (on === 0) return off === 0 ? "none" : "all of it";
  return `${round(isMoreBetter ? on / off : off / on)} ×`;
}

/** Rounds to three digits. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
