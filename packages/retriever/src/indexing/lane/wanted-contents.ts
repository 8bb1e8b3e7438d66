import type { BinnacleError } from "@binnacle/core";
import type { PlannedDocument } from "../documents/planned-document.ts";
import type { PlannedPut } from "../documents/plan-document.ts";
import type { EmbeddedContents } from "../documents/embed-contents.ts";
import type { PointVectors } from "../points/vector-stash.ts";

interface WantedContent {
  /** Documents that want it. */
  documents: number;
  vectors?: PointVectors | BinnacleError | undefined;
}

/** The contents that documents on their way to the store want vectors for, so that equal contents are embedded once. */
export class WantedContents {
  readonly #contents = new Map<string, WantedContent>();
  /** Contents that no document wants any more, but that may be wanted by documents that are being compared now. */
  #left: string[] = [];
  #comparisons = 0;

  /** While documents are compared with the store, contents that have just come into the store are not forgotten. */
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

  /** The document is written, or is not to be. */
  release({ missing }: PlannedDocument): void {
    for (const { chunk } of missing) {
      const content = this.#contents.get(chunk.contentHash);
      if (content !== undefined && --content.documents === 0) this.#left.push(chunk.contentHash);
    }
    if (this.#comparisons === 0) this.#forget();
  }

  /** One put of each content of the documents that has no vectors yet. */
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

  /** Everything that a document's points need, by content hash. */
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
