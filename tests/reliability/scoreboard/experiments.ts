import type { Experiment } from "./experiment.ts";

/** The rows that can be run, by the scoreboard's own names. A row is loaded when it is asked for. */
export const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  R1: async () => (await import("./redis/killed.ts")).redisKilled,
  R2: async () => (await import("./redis/hung.ts")).redisHung,
  R3: async () => (await import("./redis/full.ts")).redisFull,
  R4: async () => (await import("./redis/cluster-changes.ts")).redisClusterChanges,
  R5: async () => (await import("./redis/poisoned.ts")).redisPoisoned,
  R6: async () => (await import("./redis/stampede.ts")).redisStampede,
};
