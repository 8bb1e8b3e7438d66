import type { RedisWarningCode } from "../redis-events.ts";

/** The settings of a server, read from `INFO`. */
export interface ServerSettings {
  readonly version: string;
  readonly policy: string;
  /** The memory limit in bytes. 0 means no limit. */
  readonly maxMemoryBytes: number;
  readonly isReplica: boolean;
  readonly isClusterNode: boolean;
}

/** Reads the settings from the text of `INFO`. Missing lines yield "unknown", 0 or false. */
export function readServerSettings(info: string): ServerSettings {
  const lines = new Map(
    info.split(/\r?\n/).map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, Math.max(0, colon)), line.slice(colon + 1)];
    }),
  );
  return {
    version: lines.get("redis_version") ?? "unknown",
    policy: lines.get("maxmemory_policy") ?? "unknown",
    maxMemoryBytes: Number(lines.get("maxmemory") ?? 0),
    isReplica: lines.get("role") === "slave",
    isClusterNode: lines.get("cluster_enabled") === "1" || lines.get("redis_mode") === "cluster",
  };
}

/** One setting that is unsuitable for a cache, and the way out. */
export interface SettingsWarning {
  readonly code: RedisWarningCode;
  readonly message: string;
}

/**
 * Lists the settings that are unsuitable for a cache. Every value has a time to live, so `volatile-` policies
 * are suitable.
 */
export function settingsWarnings(
  settings: ServerSettings,
  { address, isCluster }: { readonly address: string; readonly isCluster: boolean },
): readonly SettingsWarning[] {
  const warnings: SettingsWarning[] = [];
  const warn = (code: RedisWarningCode, text: string): void =>
    void warnings.push({ code, message: `${address}: ${text}` });
  if (settings.maxMemoryBytes === 0) {
    warn(
      "no_memory_limit",
      "the server has no memory limit. Set maxmemory, and maxmemory-policy to allkeys-lru",
    );
  } else if (settings.policy === "noeviction") {
    warn(
      "eviction_policy",
      "maxmemory-policy is noeviction, so writes fail once the server is full. Set it to allkeys-lru",
    );
  }
  if (settings.isReplica) {
    warn(
      "read_only",
      "the server is a replica, so nothing can be stored. Give the master's address, or `sentinel`",
    );
  }
  if (settings.isClusterNode && !isCluster) {
    warn(
      "cluster_node",
      "the server is a node of a cluster, so most keys are elsewhere. Give `cluster: [url]` instead of `url`",
    );
  }
  return warnings;
}
