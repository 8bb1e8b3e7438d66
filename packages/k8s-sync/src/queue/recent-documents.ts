import type { Document } from "@binnacle/core";

interface Recent {
  readonly version: string;
  readonly document: Document;
  readonly bytes: number;
}

// Ids, metadata and the objects around them.
const overheadBytes = 1_000;

/**
 * The documents of objects that were read lately, bounded in bytes, so that the indexer need not read each
 * new object a second time. The oldest documents leave first.
 */
export class RecentDocuments {
  readonly #maxBytes: number;
  readonly #documents: Map<string, Recent> = new Map();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  put(version: string, document: Document): void {
    this.delete(document.id);
    const bytes = 2 * document.text.length + overheadBytes;
    this.#documents.set(document.id, { version, document, bytes });
    this.#bytes += bytes;
    for (const id of this.#documents.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.delete(id);
    }
  }

  /** Returns the document if it is still here in this version. */
  get(documentId: string, version: string): Document | undefined {
    const recent = this.#documents.get(documentId);
    return recent?.version === version ? recent.document : undefined;
  }

  delete(documentId: string): void {
    const recent = this.#documents.get(documentId);
    if (recent === undefined) return;
    this.#bytes -= recent.bytes;
    this.#documents.delete(documentId);
  }
}
