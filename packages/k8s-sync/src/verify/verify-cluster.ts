import { BinnacleError, type CallOptions } from "@binnacle/core";
import { sleep, systemClock, type Clock } from "@binnacle/core/kit";
import type { ClusterReader, InventoryObject } from "../reader/cluster-reader.ts";
import {
  compareInventory,
  confirmDifferences,
  type ClusterDifference,
  type IndexedObject,
} from "./compare-inventory.ts";

/** Options of {@link verifyCluster}. */
export interface VerifyClusterOptions extends CallOptions {
  readonly reader: ClusterReader;
  /** Returns every document of the cluster in the index, such as from the manifest and a scan. It is called
   * twice if the first comparison finds a difference. */
  readonly documents: (options: CallOptions) => AsyncIterable<IndexedObject> | Iterable<IndexedObject>;
  /** Milliseconds until differences are compared again. A running sync catches up in that time.
   * @default 2_000 */
  readonly settleMs?: number | undefined;
  /** Most differences returned. All are counted. @default 100 */
  readonly maxDifferences?: number | undefined;
  /** Called after each scope. @default none */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** The progress of {@link verifyCluster}. */
export interface VerifyProgress {
  readonly scopesDone: number;
  readonly scopes: number;
}

/** A scope whose objects could not be listed, so its documents are unproven. */
export interface UncheckedScope {
  readonly scope: string;
  readonly documents: number;
  readonly code: string;
  readonly message: string;
}

/** The result of {@link verifyCluster}. */
export interface ClusterVerification {
  /** True if every document was compared and nothing differs. */
  readonly ok: boolean;
  readonly cluster: string;
  /** Objects that have a document or lack one. Objects that another document describes do not count. */
  readonly objects: number;
  readonly documents: number;
  /** Number of differences of each kind. */
  readonly counts: Readonly<Record<ClusterDifference["kind"], number>>;
  readonly differences: readonly ClusterDifference[];
  readonly unchecked: readonly UncheckedScope[];
}

/**
 * Compares an index with its cluster and changes neither. It lists the metadata of every selected scope. Only
 * scopes that seem to differ are listed in full, and their objects are hashed as the source hashes them.
 */
export async function verifyCluster(options: VerifyClusterOptions): Promise<ClusterVerification> {
  const { reader, maxDifferences = 100, settleMs = 2_000, clock = systemClock, onProgress } = options;
  const { signal, deadlineAt, traceparent } = options;
  const call = { signal, deadlineAt, traceparent };
  const byScope = await documentsByScope(options, call);
  const documents = [...byScope.values()].reduce((sum, { size }) => sum + size, 0);
  const selected = new Set(await reader.scopes(call));
  const scopes = new Set([...selected, ...byScope.keys()]);
  const unchecked: UncheckedScope[] = [];
  const suspected = new Map<string, readonly ClusterDifference[]>();
  let [objects, scopesDone] = [0, 0];
  for (const scope of scopes) {
    const known = byScope.get(scope) ?? new Map<string, IndexedObject>();
    const listed = selected.has(scope) ? await listOrError(reader, scope, call) : [];
    if (BinnacleError.isInstance(listed))
      unchecked.push({ scope, documents: known.size, code: listed.code, message: listed.message });
    else {
      objects += listed.length;
      const found = compareInventory({
        scope,
        cluster: reader.cluster,
        documents: known.values(),
        objects: listed,
      });
      if (found.length > 0) suspected.set(scope, found);
    }
    scopesDone += 1;
    onProgress?.({ scopesDone, scopes: scopes.size });
  }
  if (suspected.size > 0) await sleep(settleMs, { signal, clock });
  const differences = suspected.size === 0 ? [] : await confirm(suspected, selected, options, call);
  const counts = { missing: 0, stale: 0, orphaned: 0, foreign: 0 };
  for (const { kind } of differences) counts[kind] += 1;
  const unlisted = [...suspected.values()].flat().filter(({ kind }) => kind === "missing").length;
  return {
    ok: differences.length === 0 && unchecked.every((scope) => scope.documents === 0),
    cluster: reader.cluster,
    objects: objects - unlisted + counts.missing,
    documents,
    counts,
    differences: differences.slice(0, maxDifferences),
    unchecked,
  };
}

async function confirm(
  suspected: ReadonlyMap<string, readonly ClusterDifference[]>,
  selected: ReadonlySet<string>,
  options: VerifyClusterOptions,
  call: CallOptions,
): Promise<readonly ClusterDifference[]> {
  const byScope = await documentsByScope(options, call);
  const all = new Map([...byScope.values()].flatMap((each) => [...each]));
  const differences: ClusterDifference[] = [];
  for (const [scope, found] of suspected) {
    const wanted = new Set(found.map(({ documentId }) => documentId));
    const versions = selected.has(scope)
      ? await options.reader.versions(scope, wanted, call)
      : new Map<string, readonly string[]>();
    differences.push(...confirmDifferences(found, all, versions));
  }
  return differences;
}

async function documentsByScope(
  { documents }: VerifyClusterOptions,
  call: CallOptions,
): Promise<ReadonlyMap<string, ReadonlyMap<string, IndexedObject>>> {
  const byScope = new Map<string, Map<string, IndexedObject>>();
  for await (const document of documents(call)) {
    const scope = byScope.get(document.scope) ?? new Map<string, IndexedObject>();
    byScope.set(document.scope, scope.set(document.documentId, document));
  }
  return byScope;
}

async function listOrError(
  reader: ClusterReader,
  scope: string,
  call: CallOptions,
): Promise<readonly InventoryObject[] | BinnacleError> {
  try {
    return await reader.inventory(scope, call);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (BinnacleError.isInstance(error)) return error;
    throw error;
  }
}
