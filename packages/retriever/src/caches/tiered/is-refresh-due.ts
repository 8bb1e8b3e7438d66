import type { TierEntry } from "./tier-entry.ts";

/**
 * Returns true if the caller should refresh a fresh entry now. This is more likely near the entry's end and
 * for a costly load. Callers decide independently, and usually one caller refreshes early enough for all
 * (Vattani, Chierichetti, Lowenstein: "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015). `random`
 * is from 0 to below 1.
 */
export function isRefreshDue(
  { freshUntil, costMs }: TierEntry,
  { now, beta, random }: { readonly now: number; readonly beta: number; readonly random: number },
): boolean {
  return costMs > 0 && -beta * costMs * Math.log(1 - random) >= freshUntil - now;
}
