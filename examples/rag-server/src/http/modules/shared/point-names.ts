import type { CallOptions, Collection, StoredChunk } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";

/** Source of all points that the API writes. An indexer's points have another source. */
export const apiSource = "api";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns the point's id for a caller's id. Points of an indexer have other ids, so a write never reaches them. */
export function pointOf(id: string, tenant: string | undefined): string {
  return pointId({ tenant, sourceId: apiSource, documentId: id, slot: 0 });
}

/** Returns the id that callers know a point by: their own, or the store's for a point of an indexer. */
export function publicId({ id, chunk }: { readonly id: string; readonly chunk: StoredChunk }): string {
  return chunk.sourceId === apiSource ? chunk.documentId : id;
}

/** Resolves callers' ids to those of points. A UUID may also be the store's own id of an indexed point. */
export async function resolvePoints(
  points: Collection,
  ids: readonly string[],
  { tenant, options }: { readonly tenant: string | undefined; readonly options: CallOptions },
): Promise<readonly string[]> {
  const mapped = ids.map((id) => pointOf(id, tenant));
  if (!ids.some((id) => uuid.test(id))) return mapped;
  const found = await points.get(mapped, options);
  return ids.map((id, i) => (found[i] === undefined && uuid.test(id) ? id : (mapped[i] ?? id)));
}
