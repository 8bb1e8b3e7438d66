import type { Metadata, SparseVector } from "@binnacle/core";

/** The fields of a point that the index needs. The store chooses the payload `P` that it gets back with a
 * hit: the chunk, or the key of a row. */
export interface IndexedPoint<P> {
  readonly id: string;
  readonly version: number;
  readonly sourceId: string;
  readonly documentId: string;
  /** Position of the chunk in its document. */
  readonly index: number;
  readonly metadata: Metadata;
  readonly payload: P;
}

/** The vectors of a point, which are already checked against the collection. */
export interface PointVectors {
  readonly dense?: Float32Array | undefined;
  readonly sparse?: SparseVector | undefined;
}
