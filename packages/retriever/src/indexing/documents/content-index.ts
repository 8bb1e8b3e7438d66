import type { CallOptions, ManifestSlot } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import type { EntryLog } from "../sync/entry-log.ts";

/** Whose points a {@link ContentIndex} speaks of. */
export interface ContentIndexOptions {
  readonly sourceId: string;
  readonly tenant: string | undefined;
  readonly entries: EntryLog;
  /** Most chunks remembered; beyond, equal content is embedded again. */
  readonly maxChunks: number;
  readonly call: CallOptions;
}

/**
 * Where a content can already be found in the collection, so that a renamed or copied document is not embedded again.
 * Only a hint: the point is read and compared before its vectors are used.
 */
export class ContentIndex {
  readonly #options: ContentIndexOptions;
  #places: Map<string, string> | undefined;

  constructor(options: ContentIndexOptions) {
    this.#options = options;
  }

  /** Ids of points that may hold the contents, by content hash. */
  async find(contentHashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    this.#places ??= await this.#read();
    const found = new Map<string, string>();
    for (const hash of contentHashes) {
      const id = this.#places.get(hash);
      if (id !== undefined) found.set(hash, id);
    }
    return found;
  }

  /** Notes what a document holds now. */
  add(documentId: string, slots: readonly ManifestSlot[]): void {
    if (this.#places !== undefined) this.#remember(this.#places, documentId, slots);
  }

  /** Reads the manifest once, and only when the first new content asks. */
  async #read(): Promise<Map<string, string>> {
    const places = new Map<string, string>();
    for await (const entry of this.#options.entries.list(this.#options.call)) {
      if (places.size >= this.#options.maxChunks) break;
      this.#remember(places, entry.documentId, entry.slots);
    }
    return places;
  }

  #remember(places: Map<string, string>, documentId: string, slots: readonly ManifestSlot[]): void {
    const { sourceId, tenant, maxChunks } = this.#options;
    for (const { slot, contentHash } of slots) {
      if (places.size >= maxChunks && !places.has(contentHash)) return;
      places.set(contentHash, pointId({ tenant, sourceId, documentId, slot }));
    }
  }
}
