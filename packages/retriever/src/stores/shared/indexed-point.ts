import type { Metadata, SparseVector } from "@binnacle/core";

/** The fields of a point that a search reads. Stores add those that they want back with a hit. */
export interface IndexedPoint {
  readonly id: string;
  readonly metadata: Metadata;
}

/** The vectors of a point, which are already checked against the collection. */
export interface PointVectors {
  readonly dense?: Float32Array | undefined;
  readonly sparse?: SparseVector | undefined;
}
