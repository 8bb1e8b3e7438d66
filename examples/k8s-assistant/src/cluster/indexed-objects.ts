import type { CallOptions, StoredPoint } from "@binnacle/core";
import type { IndexedObject } from "@binnacle/k8s-sync";
import type { OpenIndex } from "./open-index.ts";

/**
 * Yields every document of the cluster that has points. The version comes from the manifest, because a point
 * keeps the version at which it was written. An entry without points is left out, so it counts as missing.
 */
export async function* indexedObjects(
  { store, manifest, index, cluster }: OpenIndex,
  call: CallOptions,
): AsyncGenerator<IndexedObject> {
  const info = await store.describeCollection(index.name, call);
  if (info === undefined) return;
  const collection = store.collection(index.name);
  const points = new Map<string, StoredPoint>();
  for await (const point of collection.scan({ ...call, sourceId: cluster, index: 0 }))
    points.set(point.chunk.documentId, point);
  const { name, incarnation } = info;
  const entries = manifest.view({ sourceId: cluster, collection: name, incarnation }).list(call);
  for await (const { documentId, scope, version } of entries) {
    const point = points.get(documentId);
    points.delete(documentId);
    if (point !== undefined) yield { ...fieldsOf(point), scope, version };
  }
  // Points without an entry were left behind, or written by another program.
  for (const point of points.values())
    yield {
      ...fieldsOf(point),
      scope: text(point.metadata["resource"]),
      version: point.chunk.documentVersion,
    };
}

function fieldsOf({
  chunk,
  metadata,
}: StoredPoint): Pick<IndexedObject, "documentId" | "key" | "cluster" | "resourceVersion"> {
  return {
    documentId: chunk.documentId,
    key: text(metadata["key"]),
    cluster: text(metadata["cluster"]),
    resourceVersion: text(chunk.observed?.["resourceVersion"]),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
