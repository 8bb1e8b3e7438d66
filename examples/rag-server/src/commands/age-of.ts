import { counted } from "../counted.ts";

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** Returns the age of a time in words: "5 minutes ago". */
export function ageOf(time: string, now: number = Date.now()): string {
  const age = now - Date.parse(time);
  for (const [unit, ms] of units) {
    const count = Math.floor(age / ms);
    if (count >= 1) return `${counted(count, unit)} ago`;
  }
  return "just now";
}
