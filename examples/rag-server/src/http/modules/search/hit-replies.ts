import type { CallOptions, Collection, Hit, StoredPoint } from "@binnacle/core";
import { publicId } from "../shared/point-names.ts";
import type { HitReply, PointReply } from "./search-schemas.ts";

/** Makes the replies of hits. Reads all vectors at once if they are wanted. */
export async function hitReplies(
  hits: readonly Hit[],
  points: Collection,
  { includeVectors, ...options }: CallOptions & { readonly includeVectors: boolean },
): Promise<HitReply[]> {
  const ids = hits.map(({ id }) => id);
  const stored = includeVectors ? await points.get(ids, { ...options, includeVectors }) : [];
  return hits.map((hit, i) => {
    const { score, version, metadata } = hit;
    const { text, title } = hit.chunk;
    const vector = stored[i]?.dense;
    return { id: publicId(hit), score, version, text, title, metadata, vector: vector && [...vector] };
  });
}

/** Makes the reply of a point that was not searched for. */
export function pointReply(
  point: StoredPoint,
  { includeVector }: { readonly includeVector: boolean },
): PointReply {
  const { version, metadata, dense } = point;
  const { text, title } = point.chunk;
  const vector = includeVector && dense ? [...dense] : undefined;
  return { id: publicId(point), version, text, title, metadata, vector };
}

/** Returns the milliseconds since a moment of `performance.now()`, to a tenth. */
export function tookMs(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
