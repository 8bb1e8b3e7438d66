import type { Hit, LegScore, SparseVector, StoredPoint } from "@binnacle/core";
import { readChunk, readMetadata } from "../point-json.ts";

/** A point between threads. Its fields stay the JSON of the file, so the worker does not parse them. */
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

/** Returns the point for the caller. */
export function toStoredPoint(point: WirePoint): StoredPoint {
  return { ...point, chunk: readChunk(point.chunk), metadata: readMetadata(point.metadata) };
}

/** Returns the hit for the caller. */
export function toHit(hit: WireHit): Hit {
  return { ...hit, chunk: readChunk(hit.chunk), metadata: readMetadata(hit.metadata) };
}
