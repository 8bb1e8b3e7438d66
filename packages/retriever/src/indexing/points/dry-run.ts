import type {
  Collection,
  Embedder,
  ManifestEntry,
  ManifestListOptions,
  ManifestSession,
  SparseEncoder,
  StoredPoint,
  Write,
} from "@binnacle/core";
import { byCodePoint } from "../../code-point-order.ts";
import type { EntryLog } from "../sync/entry-log.ts";
import type { PointStore } from "./point-store.ts";

const nothing = { failures: new Map<never, never>() };

/** Points that remember what would have been written, without texts, and write nothing. */
export function dryPoints(base: Collection | undefined): PointStore {
  const overlay = new Map<string, StoredPoint | undefined>();
  const apply = (write: Write): void => {
    if (write.type === "delete") overlay.set(write.id, undefined);
    if (write.type !== "upsert") return;
    const { id, chunk, metadata, dense, sparse } = write;
    overlay.set(id, { id, version: 1, chunk: { ...chunk, text: "", context: "" }, metadata, dense, sparse });
  };
  return {
    write: (batch) => {
      batch.forEach(apply);
      return Promise.resolve(nothing);
    },
    get: async (ids, options) => {
      const stored = (await base?.get(ids, options)) ?? [];
      return ids.map((id, position) => (overlay.has(id) ? overlay.get(id) : stored[position]));
    },
    // Only the comparison at the start scans, and until then at most strays would have been deleted.
    scan: async function* (options) {
      for await (const point of base?.scan(options) ?? emptyStream()) if (!overlay.has(point.id)) yield point;
    },
    epoch: async (options) => base?.epoch(options),
  };
}

/** A manifest that remembers what would have been recorded and records nothing. */
export function dryEntries(base: ManifestSession | undefined): EntryLog {
  const overlay = new Map<string, ManifestEntry | undefined>();
  const seenIn = new Map<string, string>();
  const marked = (entry: ManifestEntry): ManifestEntry => {
    const seen = seenIn.get(entry.documentId);
    return seen === undefined ? entry : { ...entry, seenIn: seen };
  };
  const get = async (ids: readonly string[]): Promise<readonly (ManifestEntry | undefined)[]> => {
    const recorded = (await base?.get(ids)) ?? [];
    return ids.map((id, position) => {
      const entry = overlay.has(id) ? overlay.get(id) : recorded[position];
      return entry && marked(entry);
    });
  };
  return {
    isNew: base?.isNew ?? true,
    resume: undefined,
    epoch: base?.epoch,
    get,
    put: async (entries) => {
      for (const entry of entries) {
        overlay.set(entry.documentId, entry);
        seenIn.delete(entry.documentId);
      }
    },
    forget: async (ids) => ids.forEach((id) => overlay.set(id, undefined)),
    seen: async (ids, listing) => ids.forEach((id) => seenIn.set(id, listing)),
    list: async function* (options: ManifestListOptions = {}) {
      for await (const entry of merged(overlay, base)) {
        if (matches(marked(entry), options)) yield marked(entry);
      }
    },
  };
}

/** Recorded entries with those of the overlay in their place, in order: which of two equal texts a run finds first must
 * not depend on whether it is a dry one. */
async function* merged(
  overlay: ReadonlyMap<string, ManifestEntry | undefined>,
  base: ManifestSession | undefined,
): AsyncGenerator<ManifestEntry, void, void> {
  const changed = [...overlay.keys()].sort(byCodePoint);
  let next = 0;
  for await (const entry of base?.list() ?? emptyStream()) {
    for (; next < changed.length && byCodePoint(changed[next] ?? "", entry.documentId) <= 0; next++) {
      const put = overlay.get(changed[next] ?? "");
      if (put !== undefined) yield put;
    }
    if (!overlay.has(entry.documentId)) yield entry;
  }
  for (const documentId of changed.slice(next)) {
    const put = overlay.get(documentId);
    if (put !== undefined) yield put;
  }
}

/** Stands in for an embedder whose inputs are only counted; what it returns is never written. */
export function dryEmbedder(embedder: Embedder): Embedder {
  return {
    describe: (options) => embedder.describe(options),
    embed: async (inputs, options) => {
      const { space } = await embedder.describe(options);
      const placeholder = new Float32Array(space.dimensions).fill(1);
      return { spaceId: space.id, outcomes: inputs.map(() => placeholder) };
    },
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Stands in for an encoder, as {@link dryEmbedder} does. */
export function dryEncoder({ id }: SparseEncoder): SparseEncoder {
  const placeholder = { indices: new Uint32Array(), values: new Float32Array() };
  return { id, encode: (texts) => Promise.resolve(texts.map(() => placeholder)) };
}

function matches(entry: ManifestEntry, { scope, notSeenIn, state }: ManifestListOptions): boolean {
  if (scope !== undefined && entry.scope !== scope) return false;
  if (notSeenIn !== undefined && entry.seenIn === notSeenIn) return false;
  return state === undefined || entry.state === state;
}

async function* emptyStream(): AsyncGenerator<never, void, void> {}
