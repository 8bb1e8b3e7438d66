import type { ManifestEntry, ManifestListOptions, ManifestSession } from "@binnacle/core";
import { EntryMap } from "../../manifests/shared/entry-map.ts";
import type { EntryLog } from "../sync/entry-log.ts";

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
  return {
    isNew: base?.isNew ?? true,
    resume: undefined,
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
    seen: async (ids, listing) => ids.forEach((id) => seenIn.set(id, listing)),
    // Recorded ones first, not in order: no step of a run asks for that.
    list: async function* (options: ManifestListOptions = {}) {
      for await (const entry of base?.list() ?? emptyStream()) {
        if (!isChanged(entry.documentId) && matches(marked(entry), options)) yield marked(entry);
      }
      for (const id of overlay.documentIds) {
        const entry = overlay.get(id);
        if (entry !== undefined && matches(marked(entry), options)) yield marked(entry);
      }
    },
  };
}

function matches(entry: ManifestEntry, { scope, notSeenIn, state }: ManifestListOptions): boolean {
  if (scope !== undefined && entry.scope !== scope) return false;
  if (notSeenIn !== undefined && entry.seenIn === notSeenIn) return false;
  return state === undefined || entry.state === state;
}

async function* emptyStream(): AsyncGenerator<never, void, void> {}
