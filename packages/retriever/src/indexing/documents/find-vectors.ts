import { pointId } from "@binnacle/core/kit";
import type { PointVectors } from "../points/vector-stash.ts";
import type { RunContext } from "../run/run-context.ts";
import type { DocumentPlan } from "./plan-document.ts";

/** Vectors by content hash. */
export type FoundVectors = ReadonlyMap<string, PointVectors>;

/**
 * Finds vectors for the points of some documents: among the vectors that this run took out of the store, and
 * in points with the same content. It keeps vectors that these documents are about to drop, because other
 * documents may want them. Only dense vectors are worth a read, because encoding is cheaper.
 */
export async function findVectors(
  context: RunContext,
  plans: readonly DocumentPlan[],
): Promise<FoundVectors> {
  const found = new Map<string, PointVectors>();
  if (context.spec.dense === undefined) return found;
  const dropped = plans.flatMap((plan) => plan.dropped);
  const hints = await hintsFor(context, plans);
  const points = await readVectors(context, [...hints.values(), ...dropped.map(({ id }) => id)]);
  for (const { id, contentHash } of dropped) {
    const vectors = vectorsAt(points, id, contentHash);
    if (vectors !== undefined) context.stash.add(contentHash, vectors);
  }
  for (const hash of wanted(plans)) {
    const vectors = context.stash.get(hash) ?? vectorsAt(points, hints.get(hash), hash);
    if (vectors !== undefined) found.set(hash, vectors);
  }
  return found;
}

/** Keeps the vectors of points that are about to be deleted. */
export async function stashVectors(context: RunContext, ids: readonly string[]): Promise<void> {
  if (context.spec.dense === undefined) return;
  const points = await readVectors(context, ids);
  for (const { contentHash, ...vectors } of points.values()) context.stash.add(contentHash, vectors);
}

function wanted(plans: readonly DocumentPlan[]): ReadonlySet<string> {
  return new Set(plans.flatMap(({ puts }) => puts.map(({ chunk }) => chunk.contentHash)));
}

/**
 * Returns ids of points that may hold the contents. They are only hints, because another process may have
 * changed the store.
 */
async function hintsFor(
  { entries, stash, tenant, sourceId, call }: RunContext,
  plans: readonly DocumentPlan[],
): Promise<Map<string, string>> {
  const unknown = [...wanted(plans)].filter((hash) => stash.get(hash) === undefined);
  const places = unknown.length === 0 ? [] : await entries.find(unknown, call);
  const hints = new Map(
    places.map(({ contentHash, documentId, slot }) => [
      contentHash,
      pointId({ tenant, sourceId, documentId, slot }),
    ]),
  );
  for (const { puts } of plans)
    for (const { id, chunk, isRewrite } of puts) if (isRewrite) hints.set(chunk.contentHash, id);
  return hints;
}

interface ContentVectors extends PointVectors {
  readonly contentHash: string;
}

/** Returns the vectors of points by id, if they are of this index's space and encoder. */
async function readVectors(
  { points, spec }: RunContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ContentVectors>> {
  const found = new Map<string, ContentVectors>();
  for (const [id, { chunk, dense, sparse }] of await points.get([...new Set(ids)], {
    includeVectors: true,
  })) {
    if (dense === undefined || chunk.spaceId !== spec.dense?.spaceId) continue;
    if (chunk.encoderId !== spec.sparse?.encoderId) continue;
    if (spec.sparse !== undefined && sparse === undefined) continue;
    found.set(id, { contentHash: chunk.contentHash, dense, sparse });
  }
  return found;
}

function vectorsAt(
  points: ReadonlyMap<string, ContentVectors>,
  id: string | undefined,
  wantedHash: string,
): PointVectors | undefined {
  const point = id === undefined ? undefined : points.get(id);
  return point?.contentHash === wantedHash ? { dense: point.dense, sparse: point.sparse } : undefined;
}
