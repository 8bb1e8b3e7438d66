import type { InventoryObject } from "../reader/cluster-reader.ts";

/** The objects of a scope about which the watch and a list of metadata do not agree. */
export interface ScopeDrift {
  /** Epoch milliseconds of the list. */
  readonly checkedAt: number;
  /** Objects of the list that were never shown. */
  readonly missing: number;
  /** Objects of which a newer version exists. */
  readonly stale: number;
  /** Objects that were shown, and that the list does not have. */
  readonly orphaned: number;
}

/** The parts of {@link measureDrift}. */
export interface DriftParts {
  readonly listed: readonly InventoryObject[];
  /** The version that was last seen of each object. */
  readonly seen: ReadonlyMap<string, { readonly resourceVersion: string }>;
  /** Objects that have no document and are not kept. */
  readonly unread: ReadonlySet<string>;
  /** Objects that were shown or removed since the list began. */
  readonly heard: ReadonlySet<string>;
  /** True if `seen` has every object of the scope, and not only those that changed since it resumed. */
  readonly isWhole: boolean;
  readonly checkedAt: number;
}

/** Compares the objects that a watch has shown with a list of metadata. */
export function measureDrift({ listed, seen, unread, heard, isWhole, checkedAt }: DriftParts): ScopeDrift {
  let [missing, stale, orphaned] = [0, 0, 0];
  const ids = new Set<string>();
  for (const { documentId, resourceVersion } of listed) {
    ids.add(documentId);
    if (heard.has(documentId) || unread.has(documentId)) continue;
    const before = seen.get(documentId);
    if (before === undefined) missing += isWhole ? 1 : 0;
    else if (before.resourceVersion !== resourceVersion) stale += 1;
  }
  if (isWhole) for (const id of seen.keys()) if (!ids.has(id) && !heard.has(id)) orphaned += 1;
  return { checkedAt, missing, stale, orphaned };
}

/** Returns the number of objects that differ. */
export function driftOf({ missing, stale, orphaned }: ScopeDrift): number {
  return missing + stale + orphaned;
}
