import type { TelemetryUnit } from "../../spec/telemetry.ts";

const suffixes: Readonly<Record<TelemetryUnit, string>> = {
  ms: "seconds",
  bytes: "bytes",
  tokens: "tokens",
  items: "",
  ratio: "ratio",
};

/** Returns the metric's name: words joined by underscores, the base unit, and `total` for a counter. */
export function metricName(name: string, unit: TelemetryUnit, isCounter: boolean): string {
  const words = name.replaceAll(".", "_");
  const suffix = suffixes[unit];
  const withUnit = suffix === "" || words.endsWith(`_${suffix}`) ? words : `${words}_${suffix}`;
  return isCounter ? `${withUnit}_total` : withUnit;
}
