import type { BinnacleError } from "@binnacle/core";

/** Something an operator should know of. No event holds a credential, a key or a value. */
export type RedisCacheEvent =
  /** Calls fail. At most one event for each code in ten seconds; `suppressed` failures of that code came in between. */
  | { readonly type: "failure"; readonly error: BinnacleError; readonly suppressed: number }
  /** The first call that succeeds after calls were not sent any more. */
  | { readonly type: "recovered"; readonly afterMs: number }
  /** A setting of the server does not suit a cache. `code` is `eviction_policy`, `no_memory_limit`, `read_only`,
   * `cluster_node` or `settings_unknown`. */
  | { readonly type: "warning"; readonly code: RedisWarningCode; readonly message: string };

/** The ways in which a server's settings do not suit a cache. */
export type RedisWarningCode =
  "eviction_policy" | "no_memory_limit" | "read_only" | "cluster_node" | "settings_unknown";
