import type { BinnacleError } from "@binnacle/core";
import type { PlannedDocument } from "../documents/planned-document.ts";
import type { PlannedPut } from "../documents/plan-document.ts";
import type { EmbeddedContents } from "../documents/embed-contents.ts";
import type { PointVectors } from "../points/vector-stash.ts";

interface WantedContent {
  /** Number of documents that want the content. */
  documents: number;
  vectors?: PointVectors | BinnacleError | undefined;
}

/** The contents for which documents in the lane want vectors, so that equal contents are embedded once. */
export class WantedContents {
  readonly #contents = new Map<string, WantedContent>();
  /** Contents that no document wants any more. A document that is being compared may still want them. */
  #left: string[] = [];
  #comparisons = 0;

  /**
   * Runs `body`, which compares documents with the store, and forgets no content meanwhile. Otherwise a
   * content that was just written could be missed.
   */
  async comparing<T>(body: () => Promise<T>): Promise<T> {
    this.#comparisons += 1;
    try {
      return await body();
    } finally {
      this.#comparisons -= 1;
      if (this.#comparisons === 0) this.#forget();
    }
  }

  add({ missing }: PlannedDocument): void {
    for (const { chunk } of missing) {
      const content = this.#contents.get(chunk.contentHash);
      if (content === undefined) this.#contents.set(chunk.contentHash, { documents: 1 });
      else content.documents += 1;
    }
  }

  /** Releases the contents of a document that is written or discarded. */
  release({ missing }: PlannedDocument): void {
    for (const { chunk } of missing) {
      const content = this.#contents.get(chunk.contentHash);
      if (content !== undefined && --content.documents === 0) this.#left.push(chunk.contentHash);
    }
    if (this.#comparisons === 0) this.#forget();
  }

  /** Returns one put for each content of the documents that has no vectors yet. */
  unresolved(documents: readonly PlannedDocument[]): readonly PlannedPut[] {
    const puts = documents.flatMap(({ missing }) => missing);
    const byHash = new Map(puts.map((put) => [put.chunk.contentHash, put]));
    return [...byHash.values()].filter(({ chunk }) => !this.#contents.get(chunk.contentHash)?.vectors);
  }

  resolve(embedded: EmbeddedContents): void {
    for (const [hash, vectors] of embedded) {
      const content = this.#contents.get(hash);
      if (content !== undefined) content.vectors = vectors;
    }
  }

  /** Returns the vectors that a document's points need, by content hash. */
  vectorsOf({ found, missing }: PlannedDocument): EmbeddedContents {
    const vectors = new Map<string, PointVectors | BinnacleError>(found);
    for (const { chunk } of missing) {
      const resolved = this.#contents.get(chunk.contentHash)?.vectors;
      if (resolved !== undefined) vectors.set(chunk.contentHash, resolved);
    }
    return vectors;
  }

  #forget(): void {
    for (const hash of this.#left) if (this.#contents.get(hash)?.documents === 0) this.#contents.delete(hash);
    this.#left = [];
  }
}
