import type {
  CallOptions,
  ManifestConfirmOptions,
  ManifestEntry,
  ManifestListOptions,
  ManifestPlace,
  ManifestScope,
  ManifestSession,
  ManifestShown,
} from "@binnacle/core";
import { EntryMap } from "../../manifests/shared/entry-map.ts";
import { matchesEntry } from "../../manifests/shared/matches-entry.ts";
import type { EntryLog } from "../run/entry-log.ts";

/** A manifest that remembers what would have been recorded and records nothing. */
export class DryEntries implements EntryLog {
  readonly isNew: boolean;
  /** Empty, because a plan reads the whole source. */
  readonly resume: ReadonlyMap<string, string> = new Map();
  readonly epoch: string | undefined;
  readonly #base: ManifestSession | undefined;
  readonly #overlay = new EntryMap();
  readonly #forgotten = new Set<string>();
  readonly #seenIn = new Map<string, string>();

  constructor(base: ManifestSession | undefined) {
    this.#base = base;
    this.isNew = base?.isNew ?? true;
    this.epoch = base?.epoch;
  }

  async get(ids: readonly string[]): Promise<readonly (ManifestEntry | undefined)[]> {
    const recorded = (await this.#base?.get(ids)) ?? [];
    return ids.map((id, position) => {
      const entry = this.#isChanged(id) ? this.#overlay.get(id) : recorded[position];
      return entry && this.#marked(entry);
    });
  }

  async find(hashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]> {
    const recorded = (await this.#base?.find(hashes, options)) ?? [];
    const unchanged = recorded.filter(({ documentId }) => !this.#isChanged(documentId));
    return [...unchanged, ...hashes.flatMap((hash) => this.#overlay.find(hash))];
  }

  /** Yields recorded entries first, in no order. No step of a run needs an order. */
  async *list(options: ManifestListOptions = {}): AsyncGenerator<ManifestEntry, void, void> {
    for await (const entry of this.#base?.list() ?? emptyStream()) {
      const marked = this.#marked(entry);
      if (!this.#isChanged(entry.documentId) && matchesEntry(marked, options)) yield marked;
    }
    for (const id of this.#overlay.candidates(options)) {
      const entry = this.#overlay.get(id);
      if (entry !== undefined && matchesEntry(this.#marked(entry), options)) yield this.#marked(entry);
    }
  }

  async count(options?: ManifestListOptions): Promise<number> {
    let documents = 0;
    for await (const _ of this.list(options)) documents += 1;
    return documents;
  }

  async scopes(): Promise<readonly ManifestScope[]> {
    const scopes = new Map<string, number>();
    for await (const { scope } of this.list()) scopes.set(scope, (scopes.get(scope) ?? 0) + 1);
    return Array.from(scopes, ([scope, documents]) => ({ scope, documents }));
  }

  async put(entries: readonly ManifestEntry[]): Promise<void> {
    for (const entry of entries) {
      this.#overlay.set(entry);
      this.#forgotten.delete(entry.documentId);
      this.#seenIn.delete(entry.documentId);
    }
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#overlay.delete(id);
      this.#forgotten.add(id);
    }
  }

  async confirm(
    shown: readonly ManifestShown[],
    { config, seenIn }: ManifestConfirmOptions,
  ): Promise<readonly (number | undefined)[]> {
    const entries = await this.get(shown.map(({ documentId }) => documentId));
    return shown.map(({ documentId, scope, version }, position) => {
      const entry = entries[position];
      if (entry?.state !== "stored" || entry.config !== config) return undefined;
      if (entry.scope !== scope || entry.version !== version) return undefined;
      if (seenIn !== undefined) this.#seenIn.set(documentId, seenIn);
      return entry.slots.length;
    });
  }

  async seen(ids: readonly string[], listing: string): Promise<void> {
    for (const id of ids) this.#seenIn.set(id, listing);
  }

  #isChanged(id: string): boolean {
    return this.#overlay.has(id) || this.#forgotten.has(id);
  }

  #marked(entry: ManifestEntry): ManifestEntry {
    const seenIn = this.#seenIn.get(entry.documentId);
    return seenIn === undefined ? entry : { ...entry, seenIn };
  }
}

async function* emptyStream(): AsyncGenerator<never, void, void> {}
