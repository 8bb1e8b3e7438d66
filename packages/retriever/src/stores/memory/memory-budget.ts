import { BinnacleError, type Metadata, type StoredChunk } from "@binnacle/core";
import type { PointVectors } from "../shared/indexed-point.ts";

/** Bytes of a point besides its strings and vectors: objects, map entries and row bookkeeping. */
const POINT_OVERHEAD = 512;
/** Bytes of a stored term: index, value, position and its entry in the posting. */
const TERM_BYTES = 20;

/** A float32, and the same number in eight bits for the search. */
const NUMBER_BYTES = 5;

/** Counts the bytes of all points of a store. */
export class MemoryBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Replaces `before` bytes by `bytes`, or returns an error if they do not fit. */
  replace(before: number, bytes: number): BinnacleError | undefined {
    const used = this.#used - before + bytes;
    if (used > this.#maxBytes && bytes > before)
      return new BinnacleError(
        "store_full",
        `A point of about ${bytes} bytes does not fit: ${this.#used} of ${this.#maxBytes} bytes are used. Raise maxBytes, or delete points.`,
      );
    this.#used = used;
    return undefined;
  }
}

/** Estimates the bytes of a point without its vectors. */
export function pointBytes(chunk: StoredChunk, metadata: Metadata): number {
  return POINT_OVERHEAD + 2 * (JSON.stringify(chunk).length + JSON.stringify(metadata).length);
}

/** Estimates the bytes of a point's vectors. */
export function vectorBytes({ dense, sparse }: PointVectors): number {
  return NUMBER_BYTES * (dense?.length ?? 0) + TERM_BYTES * (sparse?.indices.length ?? 0);
}
