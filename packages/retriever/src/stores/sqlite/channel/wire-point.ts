import type { Hit, LegScore, Metadata, SparseVector, StoredChunk, StoredPoint } from "@binnacle/core";

/** A point between threads: its fields stay the JSON that the file holds, so the worker need not parse them. */
export interface WirePoint {
  readonly id: string;
  readonly version: number;
  readonly chunk: string;
  readonly metadata: string;
  readonly dense?: Float32Array | undefined;
  readonly sparse?: SparseVector | undefined;
}

/** A hit between threads. */
export interface WireHit {
  readonly id: string;
  readonly score: number;
  readonly version: number;
  readonly chunk: string;
  readonly metadata: string;
  readonly legs?: readonly (LegScore | undefined)[] | undefined;
}

/** The point as the caller sees it. */
export function toStoredPoint<M extends Metadata>(point: WirePoint): StoredPoint<M> {
  const chunk: StoredChunk = JSON.parse(point.chunk);
  const metadata: M = JSON.parse(point.metadata);
  return { ...point, chunk, metadata };
}

/** The hit as the caller sees it. */
export function toHit<M extends Metadata>(hit: WireHit): Hit<M> {
  const chunk: StoredChunk = JSON.parse(hit.chunk);
  const metadata: M = JSON.parse(hit.metadata);
  return { ...hit, chunk, metadata };
}
