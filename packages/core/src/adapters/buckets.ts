import type { TelemetryUnit } from "../spec/telemetry.ts";

const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;

/**
 * Upper bounds of a histogram's buckets by unit. Times are in seconds, from a cache hit in memory to a long
 * answer. Each list covers its range with a relative error of at most 150 %, in at most 16 buckets.
 */
export const bucketsOf: Readonly<Record<TelemetryUnit, readonly number[]>> = {
  ms: seconds,
  bytes: [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
  tokens: [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576],
  items: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
  ratio: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
};
