import { instant } from "@binnacle/core/stores";

/** Returns the datetime with at most microseconds, because stores do not compare further digits. */
export function rfc3339(text: string): string {
  const moment = /\.\d{7}/.test(text) ? instant(text) : undefined;
  return moment === undefined ? text : inUtc(moment);
}

/** Returns the instant in UTC with microseconds. */
export function inUtc(moment: number | bigint): string {
  const microseconds = BigInt(moment);
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((microseconds - rest) / 1000n)).toISOString().replace(/\.\d+Z$/, "");
  return `${seconds}.${String(rest).padStart(6, "0")}Z`;
}
