import type { Experiment } from "./experiment.ts";

/** The rows that can be run, by the scoreboard's own names. A row is loaded when it is asked for. */
export const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  R1: async () => (await import("./redis/killed.ts")).redisKilled,
  R2: async () => (await import("./redis/hung.ts")).redisHung,
  R3: async () => (await import("./redis/full.ts")).redisFull,
  R4: async () => (await import("./redis/cluster-changes.ts")).redisClusterChanges,
  R5: async () => (await import("./redis/poisoned.ts")).redisPoisoned,
  R6: async () => (await import("./redis/stampede.ts")).redisStampede,
  Q1: async () => (await import("./qdrant/killed.ts")).qdrantKilled,
  Q2: async () => (await import("./qdrant/cut.ts")).qdrantCut,
  Q3: async () => (await import("./qdrant/unconfirmed.ts")).qdrantUnconfirmed,
  Q4: async () => (await import("./qdrant/switched.ts")).aliasSwitched,
  Q5: async () => (await import("./qdrant/restored.ts")).snapshotRestored,
  Q6: async () => (await import("./qdrant/idle-sockets.ts")).idleSockets,
  V1: async () => (await import("./stores/bad-vectors.ts")).badVectors,
  V2: async () => (await import("./stores/odd-texts.ts")).oddTexts,
  V3: async () => (await import("./stores/hostile-metadata.ts")).hostileMetadata,
  V4: async () => (await import("./stores/oversize.ts")).oversize,
  T1: async () => (await import("./stores/tenant-escapes.ts")).tenantEscapes,
  T3: async () => (await import("./stores/injected-names.ts")).injectedNames,
  M1: async () => (await import("./stores/against-model.ts")).againstModel,
  M2: async () => (await import("./stores/same-ranking.ts")).sameRanking,
  M3: async () => (await import("./stores/quantized-recall.ts")).quantizedRecall,
};
