import { BinnacleError } from "@binnacle/core";
import { sleep, type Clock, type Limiter } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { listScope } from "../reader/list-scope.ts";
import type { ObjectDocuments } from "./object-documents.ts";
import { driftOf } from "./scope-drift.ts";
import type { ScopeFeed } from "./scope-feed.ts";
import type { ClusterScope } from "./scopes.ts";
import type { KubernetesSourceEvent } from "./source-event.ts";

/** A scope that is checked. */
export interface CheckedScope {
  readonly scope: ClusterScope;
  readonly feed: ScopeFeed;
  /** Lists the scope again. */
  readonly relist: () => void;
}

/** Options of {@link checkDrift}. */
export interface DriftCheckOptions {
  readonly client: ClusterClient;
  readonly documents: ObjectDocuments;
  readonly lists: Limiter;
  readonly pageSize: number;
  readonly reconcileMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly scopes: () => Iterable<CheckedScope>;
  readonly onEvent: (event: KubernetesSourceEvent) => void;
  readonly signal: AbortSignal;
}

// A watch tells a change within this time.
const settleMs = 5_000;

/** Lists the metadata of every scope at intervals, and lists a scope again if its watch has missed something. Ends with
 * the signal. */
export async function checkDrift(options: DriftCheckOptions): Promise<never> {
  const { scopes, reconcileMs, clock, random, signal } = options;
  for (;;) {
    await sleep(reconcileMs * (0.75 + random() / 2), { signal, clock });
    const running = Array.from(scopes()); // types come and go meanwhile
    for (const scope of running) await checkScope(scope, options);
  }
}

async function checkScope({ scope, feed, relist }: CheckedScope, options: DriftCheckOptions): Promise<void> {
  const { client, documents, lists, pageSize, clock, onEvent, signal } = options;
  const list = () =>
    lists.run(
      () =>
        listScope(client, scope.query, (object) => documents.identify(object, scope.type), {
          pageSize,
          metadataOnly: true,
          signal,
        }),
      { signal },
    );
  try {
    const drift = await feed.compare(list, () => sleep(settleMs, { signal, clock }));
    if (drift === undefined || driftOf(drift) === 0) return;
    onEvent({ type: "drift", scope: scope.name, ...drift });
    relist();
  } catch (error) {
    signal.throwIfAborted();
    if (!BinnacleError.isInstance(error) || error.code === "closed") throw error;
    onEvent({ type: "drift-unmeasured", scope: scope.name, error });
  }
}
