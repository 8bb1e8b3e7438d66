import type { SparseVector } from "@binnacle/core";

/** The vectors of one content. */
export interface PointVectors {
  readonly dense?: Float32Array | undefined;
  readonly sparse?: SparseVector | undefined;
}

const maxStashBytes = 8 * 1024 * 1024;

/**
 * Vectors that a run took out of the store, by content hash, so that moved content is not embedded again.
 * Holds the latest 8 MiB.
 */
export class VectorStash {
  readonly #vectors = new Map<string, PointVectors>();
  #bytes = 0;

  get(contentHash: string): PointVectors | undefined {
    return this.#vectors.get(contentHash);
  }

  add(contentHash: string, vectors: PointVectors): void {
    if (this.#vectors.has(contentHash)) return;
    this.#vectors.set(contentHash, vectors);
    this.#bytes += bytesOf(vectors);
    for (const [oldest, held] of this.#vectors) {
      if (this.#bytes <= maxStashBytes) return;
      this.#vectors.delete(oldest);
      this.#bytes -= bytesOf(held);
    }
  }
}

function bytesOf({ dense, sparse }: PointVectors): number {
  return 256 + 4 * (dense?.length ?? 0) + 8 * (sparse?.indices.length ?? 0);
}
