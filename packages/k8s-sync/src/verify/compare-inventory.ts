import type { InventoryObject } from "../reader/cluster-reader.ts";

/** A document of the index. */
export interface IndexedObject {
  readonly documentId: string;
  /** Scope in which the source last showed the document. */
  readonly scope: string;
  /** `UpsertChange.version` of the document that is stored. */
  readonly version: string;
  /** `key` of the document's metadata, for messages. @default the document id */
  readonly key?: string | undefined;
  /** `cluster` of the document's metadata. @default not compared */
  readonly cluster?: string | undefined;
  /** Resource version that was observed when the document was written. @default unknown */
  readonly resourceVersion?: string | undefined;
}

/** A difference between index and cluster. */
export interface ClusterDifference {
  /** `missing`: the cluster has the object, and the index has no document. `stale`: the document shows an
   * older content. `orphaned`: the object is gone or is no longer selected. `foreign`: the document belongs
   * to another cluster. */
  readonly kind: "missing" | "stale" | "orphaned" | "foreign";
  readonly documentId: string;
  /** Key of the object, such as `Deployment.apps/shop/web`. */
  readonly key: string;
  readonly scope: string;
}

/** The documents and objects of one scope. */
export interface ScopeComparison {
  readonly scope: string;
  readonly cluster: string;
  readonly documents: Iterable<IndexedObject>;
  readonly objects: Iterable<InventoryObject>;
}

/**
 * Compares the documents of a scope with its objects by id and resource version. A `stale` difference is only
 * a suspicion: the resource version also changes with heartbeats, which no document shows. So is `missing`,
 * because some objects have no document of their own.
 */
export function compareInventory({
  scope,
  cluster,
  documents,
  objects,
}: ScopeComparison): readonly ClusterDifference[] {
  const differences: ClusterDifference[] = [];
  const shown = new Map<string, InventoryObject>();
  for (const object of objects) shown.set(object.documentId, object);
  for (const document of documents) {
    const { documentId, key = documentId } = document;
    const object = shown.get(documentId);
    shown.delete(documentId);
    const add = (kind: ClusterDifference["kind"]): void => {
      differences.push({ kind, documentId, key, scope });
    };
    if (isForeign(document, cluster)) add("foreign");
    else if (object === undefined) add("orphaned");
    else if (object.resourceVersion !== document.resourceVersion) add("stale");
  }
  for (const { documentId, key } of shown.values())
    differences.push({ kind: "missing", documentId, key, scope });
  return differences;
}

/** Compares the documents that were suspected with the versions that the objects have now, and returns the
 * differences that remain. */
export function confirmDifferences(
  suspected: readonly ClusterDifference[],
  documents: ReadonlyMap<string, IndexedObject>,
  versions: ReadonlyMap<string, readonly string[]>,
): readonly ClusterDifference[] {
  return suspected.flatMap(({ documentId, key, scope, kind }) => {
    const document = documents.get(documentId);
    const possible = versions.get(documentId) ?? [];
    const of = (found: ClusterDifference["kind"]): readonly ClusterDifference[] => [
      { kind: found, documentId, key, scope },
    ];
    if (kind === "foreign") return document === undefined ? [] : of(kind);
    if (document === undefined) return possible.length === 0 ? [] : of("missing");
    if (possible.length === 0) return of("orphaned");
    return possible.includes(ownPart(document.version)) ? [] : of("stale");
  });
}

function isForeign({ documentId, cluster: named }: IndexedObject, cluster: string): boolean {
  return !documentId.startsWith(`${cluster}/`) || (named !== undefined && named !== cluster);
}

/** Returns the hash of the object alone. The facts that are folded into its document come from other objects,
 * so one list cannot confirm them. */
function ownPart(version: string): string {
  return version.split(".", 1)[0] ?? "";
}
