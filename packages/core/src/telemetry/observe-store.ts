import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import type { CallOptions } from "../spec/call-options.ts";
import type { Telemetry } from "../spec/telemetry.ts";
import type { VectorStore } from "../spec/vector-store.ts";
import { observeCollection, type StoreMeters } from "./observe-collection.ts";
import { ObservedPart } from "./observed-part.ts";

/** Options of {@link observeStore}. */
export interface ObserveStoreOptions {
  readonly telemetry: Telemetry;
  /** The kind of store, such as `qdrant` or `sqlite`. */
  readonly system: string;
}

/**
 * Reports the calls of a store and of its handles: duration by operation and collection, writes by outcome,
 * and hits of searches. Tenants are not reported. Aliases, snapshots and the manifest are those of the store.
 * Returns the store itself if the telemetry records nothing.
 */
export function observeStore(inner: VectorStore, { telemetry, system }: ObserveStoreOptions): VectorStore {
  if (telemetry === noTelemetry) return inner;
  const part = new ObservedPart({ telemetry, part: "store", labels: { system }, attributes: ["collection"] });
  const meters = storeMeters(telemetry);
  const run = <T>(
    operation: string,
    options: CallOptions | undefined,
    call: (options: CallOptions | undefined) => Promise<T>,
    collection?: string,
  ): Promise<T> => part.run({ operation, options, attributes: { collection } }, call);
  return {
    capabilities: (options) => inner.capabilities(options),
    health: async (options) => part.checked(await inner.health(options)),
    ensureCollection: (spec, options) =>
      run("ensure_collection", options, (given) => inner.ensureCollection(spec, given), spec?.name),
    describeCollection: (name, options) =>
      run("describe_collection", options, (given) => inner.describeCollection(name, given), name),
    listCollections: (options) => run("list_collections", options, (given) => inner.listCollections(given)),
    deleteCollection: (name, options) =>
      run("delete_collection", options, (given) => inner.deleteCollection(name, given), name),
    collection: (name, binding) => observeCollection(inner.collection(name, binding), part, meters),
    get manifest() {
      return inner.manifest;
    },
    get aliases() {
      return inner.aliases;
    },
    get snapshots() {
      return inner.snapshots;
    },
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

function storeMeters(telemetry: Telemetry): StoreMeters {
  return {
    writes: telemetry.counter("binnacle.store.writes", {
      unit: "items",
      description: "Writes of points, by type and outcome.",
      attributes: ["system", "collection", "type", "outcome"],
    }),
    hits: telemetry.histogram("binnacle.store.hits", {
      unit: "items",
      description: "Hits of one search.",
      attributes: ["system", "collection"],
    }),
  };
}
