import { BinnacleError, type CallOptions, type Write } from "@binnacle/core";
import { inBatches } from "@binnacle/core/kit";
import { versionIssue } from "@binnacle/core/stores";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { collectionPath } from "../wire/collection-path.ts";
import { SOURCE, VERSION } from "../wire/payload-keys.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import type { WriteItem } from "./write-items.ts";

const schema = z.array(
  z.object({ id: z.string(), payload: z.object({ [VERSION]: z.number(), [SOURCE]: z.string() }).partial() }),
);

/** Points of one request. Bounds its size, because a batch of writes has no bound. */
const MAX_POINTS = 5_000;

/** The state of a stored point. */
export interface PointState {
  readonly version: number;
  readonly sourceId: string | undefined;
}

/** Whether a write says what the point's version must be. */
export function isConditional({ ifVersion }: Write): boolean {
  return ifVersion !== undefined;
}

/** Whether the outcome cannot be told from the state afterwards, so that the state before must be read. */
export function needsLookAhead({ type, ifVersion }: Write): boolean {
  return (type === "delete" && ifVersion !== undefined) || (type === "patch" && ifVersion === 0);
}

/**
 * Cuts a batch so that every conditional write stands before all others to the same point in its request: its outcome is
 * read after the request, when the point must still be as the write left it.
 */
export function segmentsOf(items: readonly WriteItem[]): readonly (readonly WriteItem[])[] {
  const segments: WriteItem[][] = [];
  let touched = new Set<string>();
  let watched = new Set<string>();
  for (const item of items) {
    const conditional = isConditional(item.write);
    const last = segments.at(-1);
    if (!last || watched.has(item.id) || (conditional && touched.has(item.id))) {
      segments.push([item]);
      touched = new Set();
      watched = new Set();
    } else last.push(item);
    touched.add(item.id);
    if (conditional) watched.add(item.id);
  }
  return segments;
}

/** Returns the states of stored points by the ids under which they are stored. A missing point has no entry. */
export async function readStates(
  items: readonly WriteItem[],
  api: QdrantApi,
  { spec: { name } }: OpenCollection,
  call: CallOptions | undefined,
): Promise<ReadonlyMap<string, PointState>> {
  const states = new Map<string, PointState>();
  for (const batch of inBatches(items, { maxItems: MAX_POINTS })) {
    const json = { ids: batch.map(({ id }) => id), with_payload: [VERSION, SOURCE], with_vector: false };
    const request = {
      method: "POST",
      path: collectionPath(name, "/points"),
      json,
      collection: name,
    } as const;
    for (const { id, payload } of await api.result(request, schema, call))
      states.set(id, { version: payload[VERSION] ?? 0, sourceId: payload[SOURCE] });
  }
  return states;
}

/** Why a conditional write was not applied, as the state after it tells; undefined if it was. */
export function conflictOf(
  item: WriteItem,
  after: ReadonlyMap<string, PointState>,
): BinnacleError | undefined {
  const found = after.get(item.id)?.version ?? 0;
  if (found === (item.write.type === "delete" ? 0 : item.version)) return undefined;
  return (
    versionIssue(item.write, found) ??
    new BinnacleError(
      "version_conflict",
      `point ${item.write.id} was written by somebody else at the same time; read it again`,
    )
  );
}
