import type { ManifestEntry, ManifestSession } from "@binnacle/core";
import { EntryMap } from "../../manifests/shared/entry-map.ts";
import { matchesEntry } from "../../manifests/shared/matches-entry.ts";
import type { EntryLog } from "../run/entry-log.ts";

/** A manifest that remembers what would have been recorded and records nothing. */
export function dryEntries(base: ManifestSession | undefined): EntryLog {
  const overlay = new EntryMap();
  const forgotten = new Set<string>();
  const isChanged = (id: string): boolean => overlay.has(id) || forgotten.has(id);
  const seenIn = new Map<string, string>();
  const marked = (entry: ManifestEntry): ManifestEntry => {
    const seen = seenIn.get(entry.documentId);
    return seen === undefined ? entry : { ...entry, seenIn: seen };
  };
  const get = async (ids: readonly string[]): Promise<readonly (ManifestEntry | undefined)[]> => {
    const recorded = (await base?.get(ids)) ?? [];
    return ids.map((id, position) => {
      const entry = isChanged(id) ? overlay.get(id) : recorded[position];
      return entry && marked(entry);
    });
  };
  // Recorded entries first, not in order: no step of a run asks for that.
  const list: EntryLog["list"] = async function* (options = {}) {
    for await (const entry of base?.list() ?? emptyStream()) {
      if (!isChanged(entry.documentId) && matchesEntry(marked(entry), options)) yield marked(entry);
    }
    for (const id of overlay.candidates(options)) {
      const entry = overlay.get(id);
      if (entry !== undefined && matchesEntry(marked(entry), options)) yield marked(entry);
    }
  };
  return {
    isNew: base?.isNew ?? true,
    resume: new Map(),
    epoch: base?.epoch,
    get,
    find: async (hashes, options) => {
      const recorded = (await base?.find(hashes, options)) ?? [];
      const unchanged = recorded.filter(({ documentId }) => !isChanged(documentId));
      return [...unchanged, ...hashes.flatMap((hash) => overlay.find(hash))];
    },
    put: async (entries) => {
      for (const entry of entries) {
        overlay.set(entry);
        forgotten.delete(entry.documentId);
        seenIn.delete(entry.documentId);
      }
    },
    forget: async (ids) => {
      for (const id of ids) {
        overlay.delete(id);
        forgotten.add(id);
      }
    },
    confirm: async (shown, { config, seenIn: listing }) => {
      const entries = await get(shown.map(({ documentId }) => documentId));
      return shown.map(({ documentId, scope, version }, position) => {
        const entry = entries[position];
        if (entry?.state !== "stored" || entry.config !== config) return undefined;
        if (entry.scope !== scope || entry.version !== version) return undefined;
        if (listing !== undefined) seenIn.set(documentId, listing);
        return entry.slots.length;
      });
    },
    seen: async (ids, listing) => ids.forEach((id) => seenIn.set(id, listing)),
    list,
    count: async (options) => {
      let documents = 0;
      for await (const _ of list(options)) documents += 1;
      return documents;
    },
    scopes: async () => {
      const scopes = new Map<string, number>();
      for await (const { scope } of list()) scopes.set(scope, (scopes.get(scope) ?? 0) + 1);
      return Array.from(scopes, ([scope, documents]) => ({ scope, documents }));
    },
  };
}

async function* emptyStream(): AsyncGenerator<never, void, void> {}
