import type {
  ManifestEntry,
  ManifestListOptions,
  ManifestPlace,
  ManifestScope,
  ManifestSlot,
} from "@binnacle/core";
import { maxPlaces } from "./max-places.ts";

/** Entries in memory, by document, by scope and by content. */
export class EntryMap {
  readonly #entries = new Map<string, ManifestEntry>();
  readonly #byScope = new Map<string, Set<string>>();
  /** Ids of the documents that hold a content, in any state. */
  readonly #holders = new Map<string, Set<string>>();
  /** Ids of the entries that are not `stored`. They are few, and every run reads them. */
  readonly #unsettled = new Set<string>();

  get size(): number {
    return this.#entries.size;
  }

  has(documentId: string): boolean {
    return this.#entries.has(documentId);
  }

  get(documentId: string): ManifestEntry | undefined {
    return this.#entries.get(documentId);
  }

  /**
   * Returns the ids of entries that may meet the condition, in no order. It returns all that do, and few
   * others.
   */
  candidates({ scope, state }: Pick<ManifestListOptions, "scope" | "state">): Iterable<string> {
    if (state !== undefined && state !== "stored") return this.#unsettled;
    if (scope !== undefined) return this.#byScope.get(scope) ?? [];
    return this.#entries.keys();
  }

  /** Returns every scope with its number of entries. */
  scopes(): readonly ManifestScope[] {
    return Array.from(this.#byScope, ([scope, { size }]) => ({ scope, documents: size }));
  }

  /** Returns some of the places of a content in entries that are `stored`. */
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
    const { documentId, scope, slots, state } = entry;
    const before = this.#entries.get(documentId);
    this.#entries.set(documentId, entry);
    if (state === "stored") this.#unsettled.delete(documentId);
    else this.#unsettled.add(documentId);
    if (before?.scope !== scope) {
      if (before !== undefined) removeFrom(this.#byScope, before.scope, documentId);
      addTo(this.#byScope, scope, documentId);
    }
    if (before?.slots === slots) return;
    this.#removeHolder(documentId, before?.slots ?? []);
    for (const { contentHash } of slots) addTo(this.#holders, contentHash, documentId);
  }

  delete(documentId: string): void {
    const before = this.#entries.get(documentId);
    if (before === undefined) return;
    this.#removeHolder(documentId, before.slots);
    removeFrom(this.#byScope, before.scope, documentId);
    this.#unsettled.delete(documentId);
    this.#entries.delete(documentId);
  }

  clear(): void {
    this.#entries.clear();
    this.#byScope.clear();
    this.#holders.clear();
    this.#unsettled.clear();
  }

  #removeHolder(documentId: string, slots: readonly ManifestSlot[]): void {
    for (const { contentHash } of slots) removeFrom(this.#holders, contentHash, documentId);
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
