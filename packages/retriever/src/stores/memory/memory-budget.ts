import { BinnacleError, type Metadata, type StoredChunk } from "@binnacle/core";
import type { PointVectors } from "../shared/indexed-point.ts";

/** What a point costs beside its strings and vectors: objects, map entries, row bookkeeping. */
const POINT_OVERHEAD = 512;
/** A stored term: index and value, its position, and its entry in the posting. */
const TERM_BYTES = 20;

/** Counts what the points of a store take together. */
export class MemoryBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Puts `bytes` in the place of `before`, or says why they do not fit. */
  replace(before: number, bytes: number): BinnacleError | undefined {
    const used = this.#used - before + bytes;
    if (used > this.#maxBytes && bytes > before)
      return new BinnacleError(
        "store_full",
        `a point of about ${bytes} bytes does not fit: ${this.#used} of ${this.#maxBytes} are taken; raise maxBytes or delete points`,
      );
    this.#used = used;
    return undefined;
  }
}

/** About how many bytes a point takes beside its vectors. */
export function pointBytes(chunk: StoredChunk, metadata: Metadata): number {
  return POINT_OVERHEAD + 2 * (JSON.stringify(chunk).length + JSON.stringify(metadata).length);
}

/** About how many bytes a point's vectors take. */
export function vectorBytes({ dense, sparse }: PointVectors): number {
  return 4 * (dense?.length ?? 0) + TERM_BYTES * (sparse?.indices.length ?? 0);
}
