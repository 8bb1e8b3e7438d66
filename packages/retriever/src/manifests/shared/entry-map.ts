import type { ManifestEntry, ManifestPlace, ManifestSlot } from "@binnacle/core";
import { maxPlaces } from "./max-places.ts";

/** Entries in memory, by document and by what they hold. */
export class EntryMap {
  readonly #entries = new Map<string, ManifestEntry>();
  /** Ids of the documents that hold a content, in any state. */
  readonly #holders = new Map<string, Set<string>>();

  get size(): number {
    return this.#entries.size;
  }

  /** In no order. */
  get documentIds(): Iterable<string> {
    return this.#entries.keys();
  }

  has(documentId: string): boolean {
    return this.#entries.has(documentId);
  }

  get(documentId: string): ManifestEntry | undefined {
    return this.#entries.get(documentId);
  }

  /** Some of the places of a content in entries that are stored. */
  find(contentHash: string): readonly ManifestPlace[] {
    const places: ManifestPlace[] = [];
    for (const documentId of this.#holders.get(contentHash) ?? []) {
      const entry = this.#entries.get(documentId);
      const slot = entry?.slots.find((found) => found.contentHash === contentHash);
      if (entry?.state !== "stored" || slot === undefined) continue;
      places.push({ ...slot, documentId });
      if (places.length === maxPlaces) break;
    }
    return places;
  }

  set(entry: ManifestEntry): void {
    const { documentId, slots } = entry;
    const before = this.#entries.get(documentId);
    this.#entries.set(documentId, entry);
    if (before?.slots === slots) return;
    this.#removeHolder(documentId, before?.slots ?? []);
    for (const { contentHash } of slots) {
      const holders = this.#holders.get(contentHash);
      if (holders === undefined) this.#holders.set(contentHash, new Set([documentId]));
      else holders.add(documentId);
    }
  }

  delete(documentId: string): void {
    this.#removeHolder(documentId, this.#entries.get(documentId)?.slots ?? []);
    this.#entries.delete(documentId);
  }

  clear(): void {
    this.#entries.clear();
    this.#holders.clear();
  }

  #removeHolder(documentId: string, slots: readonly ManifestSlot[]): void {
    for (const { contentHash } of slots) {
      const holders = this.#holders.get(contentHash);
      holders?.delete(documentId);
      if (holders?.size === 0) this.#holders.delete(contentHash);
    }
  }
}
