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

/** Most points per request. Bounds its size, because a batch of writes has no bound. */
const MAX_POINTS = 5_000;

/** The state of a stored point. */
export interface PointState {
  readonly version: number;
  readonly sourceId: string | undefined;
}

/** Returns true if a write requires a version of the point. */
export function isConditional({ ifVersion }: Write): boolean {
  return ifVersion !== undefined;
}

/** Returns true if the state after the write does not show its outcome, so that the state before must be
 * read. */
export function needsLookAhead({ type, ifVersion }: Write): boolean {
  return (type === "delete" && ifVersion !== undefined) || (type === "patch" && ifVersion === 0);
}

/** Splits a batch so that each conditional write comes before all other writes to the same point in its
 * request. Its outcome is read after the request, and the point must then be as the write left it. */
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

/**
 * Returns the states of stored points by the ids under which they are stored. A missing point has no entry.
 */
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

/** Returns the error of a conditional write that was not applied, judged by the state after it. */
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
      `Another writer wrote point ${item.write.id} at the same time. Read the point again.`,
    )
  );
}
