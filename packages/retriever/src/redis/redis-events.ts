import type { BinnacleError } from "@binnacle/core";

/** A failure, recovery or warning of a {@link RedisCache}. An event contains no credential, key or value. */
export type RedisCacheEvent =
  /**
   * Calls fail. There is at most one event per code in ten seconds. `suppressed` counts the failures of this
   * code since the last event.
   */
  | { readonly type: "failure"; readonly error: BinnacleError; readonly suppressed: number }
  /**
   * The server answers again after calls were no longer sent. `afterMs` is the length of the outage in
   * milliseconds.
   */
  | { readonly type: "recovered"; readonly afterMs: number }
  /**
   * A setting of the server does not suit a cache. `code` is `eviction_policy`, `no_memory_limit`,
   * `read_only`, `cluster_node` or `settings_unknown`.
   */
  | { readonly type: "warning"; readonly code: RedisWarningCode; readonly message: string };

/** The ways in which a server's settings can be unsuitable for a cache. */
export type RedisWarningCode =
  "eviction_policy" | "no_memory_limit" | "read_only" | "cluster_node" | "settings_unknown";
