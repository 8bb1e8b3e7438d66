import type { Metadata, SparseVector } from "@binnacle/core";

/** What the index must know of a point; `P` is whatever the store wants back with a hit: the chunk, or a row's key. */
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

/** The vectors of a point. Fitting the collection was checked before. */
export interface PointVectors {
  readonly dense?: Float32Array | undefined;
  readonly sparse?: SparseVector | undefined;
}
