import type { Clock, Limiter } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import type { CollectionQuery } from "./list-pages.ts";
import type { ReflectorSink } from "./reflector-sink.ts";

/** Times and limits of all reflectors of one run. */
export interface ReflectorTimes {
  /** Objects in one page of a list. */
  readonly pageSize: number;
  /** Milliseconds of silence after which a watch counts as dead. Above the minute between bookmarks. */
  readonly idleMs: number;
  /** Milliseconds until a forbidden type is tried again. */
  readonly forbiddenRetryMs: number;
  /** Milliseconds between two lists of a type that cannot be watched. */
  readonly pollMs: number;
}

/** Parts that all reflectors of one run share. */
export interface ReflectorSettings {
  readonly client: ClusterClient;
  readonly times: ReflectorTimes;
  /** Limits the lists that run at the same time. */
  readonly lists: Limiter;
  /** Remembers whether the server has streaming lists. */
  readonly streaming: { isOffered: boolean };
  readonly clock: Clock;
  readonly random: () => number;
}

/** The options of one reflector. */
export interface ReflectorOptions extends ReflectorSettings {
  readonly query: CollectionQuery;
  readonly sink: ReflectorSink;
  /** False: end after the list. */
  readonly follow: boolean;
  /** Version from which to watch, and the time at which it was current. @default list first */
  readonly resume?: { readonly resourceVersion: string; readonly asOf: number } | undefined;
  /** Called when the server no longer serves the type. */
  readonly onMissing: () => void;
  readonly signal: AbortSignal;
}
