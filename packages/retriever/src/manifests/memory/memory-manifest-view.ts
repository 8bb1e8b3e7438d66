import type {
  CallOptions,
  ManifestEntry,
  ManifestListOptions,
  ManifestPlace,
  ManifestScope,
  ManifestView,
} from "@binnacle/core";
import { byCodePoint } from "@binnacle/core/kit";
import type { EntryMap } from "../shared/entry-map.ts";
import { matchesEntry } from "../shared/matches-entry.ts";

/**
 * Reads entries in memory. `entriesOf` checks the call, and returns undefined if there are no entries to
 * read.
 */
export class MemoryManifestView implements ManifestView {
  readonly #entriesOf: (options?: CallOptions) => EntryMap | undefined;

  constructor(entriesOf: (options?: CallOptions) => EntryMap | undefined) {
    this.#entriesOf = entriesOf;
  }

  async get(
    documentIds: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (ManifestEntry | undefined)[]> {
    const entries = this.#entriesOf(options);
    return documentIds.map((id) => {
      const entry = entries?.get(id);
      return entry && copyEntry(entry);
    });
  }

  async find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]> {
    const entries = this.#entriesOf(options);
    return [...new Set(contentHashes)].flatMap((hash) => entries?.find(hash) ?? []);
  }

  async *list(options: ManifestListOptions = {}): AsyncIterable<ManifestEntry> {
    const ids = matching(this.#entriesOf(options), options).sort(byCodePoint);
    for (const id of ids) {
      const entry = this.#entriesOf(options)?.get(id);
      if (entry && matchesEntry(entry, options)) yield copyEntry(entry);
    }
  }

  async count(options: ManifestListOptions = {}): Promise<number> {
    return matching(this.#entriesOf(options), options).length;
  }

  async scopes(options?: CallOptions): Promise<readonly ManifestScope[]> {
    return this.#entriesOf(options)?.scopes() ?? [];
  }
}

function matching(entries: EntryMap | undefined, options: ManifestListOptions): string[] {
  if (entries === undefined) return [];
  return [...entries.candidates(options)].filter((id) => {
    const entry = entries.get(id);
    return entry !== undefined && matchesEntry(entry, options);
  });
}

/** Returns a copy that shares nothing with the original. */
export function copyEntry(entry: ManifestEntry): ManifestEntry {
  const { failure, ...rest } = entry;
  const slots = entry.slots.map(({ slot, contentHash }) => ({ slot, contentHash }));
  return { ...rest, slots, ...(failure && { failure: { ...failure } }) };
}
