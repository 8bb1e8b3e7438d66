import type { CallOptions } from "../spec/call-options.ts";
import type { VectorStore } from "../spec/vector-store.ts";
import type { ObserveStoreOptions } from "./observe-store.ts";

/** The measured size of a collection. */
export interface CollectionSize {
  readonly collection: string;
  readonly points: number;
  /** Bytes of the dense vectors as 32-bit numbers. 0 without dense vectors. */
  readonly vectorBytes: number;
}

/**
 * Counts the points of each collection without tenants and sets the gauges `binnacle.store.points` and
 * `binnacle.store.vectors`. Call it before each scrape, or by a timer. A collection that requires tenants is
 * left out, because no handle may count across them.
 */
export async function recordStoreSizes(
  store: VectorStore,
  { telemetry, system }: ObserveStoreOptions,
  options?: CallOptions,
): Promise<readonly CollectionSize[]> {
  const attributes = ["system", "collection"];
  const points = telemetry.gauge("binnacle.store.points", {
    unit: "items",
    description: "Points of a collection.",
    attributes,
  });
  const vectors = telemetry.gauge("binnacle.store.vectors", {
    unit: "bytes",
    description: "Bytes of a collection's dense vectors as 32-bit numbers.",
    attributes,
  });
  const sizes: CollectionSize[] = [];
  for (const { name, dense, tenancy } of await store.listCollections(options)) {
    if (tenancy === "required") continue;
    const count = await store.collection(name).count(undefined, options);
    const vectorBytes = count * 4 * (dense?.dimensions ?? 0);
    points.set(count, { system, collection: name });
    vectors.set(vectorBytes, { system, collection: name });
    sizes.push({ collection: name, points: count, vectorBytes });
  }
  return sizes;
}
