import { systemClock, type Clock } from "@binnacle/core/kit";
import type { SystemHealth } from "../system-health.ts";

/** The past of one part. */
export interface PartHistory {
  /** Time of the check that first showed the present status, in ISO 8601. */
  readonly since: string;
  /** Time of the last check that showed another status than `ok`. Undefined if none did. */
  readonly lastError?: { readonly at: string; readonly status: "degraded" | "down" } | undefined;
}

/** Remembers since when each part has its status, and when it last failed. */
export type HealthHistory = (report: SystemHealth) => Readonly<Record<string, PartHistory>>;

/** Creates a memory of the checks of this process. It holds one entry per part. */
export function createHealthHistory(clock: Clock = systemClock): HealthHistory {
  const known = new Map<string, PartHistory & { readonly status: string }>();
  return (report) => {
    const at = new Date(clock.now()).toISOString();
    for (const [name, { status }] of Object.entries(report.components)) {
      const before = known.get(name);
      const since = before?.status === status ? before.since : at;
      const lastError = status === "ok" ? before?.lastError : { at, status };
      known.set(name, { status, since, lastError });
    }
    return Object.fromEntries(
      [...known].map(([name, { since, lastError }]) => [name, { since, ...(lastError && { lastError }) }]),
    );
  };
}
