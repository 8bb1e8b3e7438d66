import { BinnacleError, type CallOptions, type Write } from "@binnacle/core";
import { versionIssue } from "@binnacle/core/stores";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { collectionPath } from "../wire/collection-path.ts";
import { VERSION } from "../wire/payload-keys.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import type { WriteItem } from "./write-items.ts";

const schema = z.array(z.object({ id: z.string(), payload: z.object({ [VERSION]: z.number() }).partial() }));

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

/** The versions of stored points by the ids they are stored under; a missing point is not in the map. */
export async function readVersions(
  items: readonly WriteItem[],
  api: QdrantApi,
  { spec: { name } }: OpenCollection,
  call: CallOptions | undefined,
): Promise<ReadonlyMap<string, number>> {
  if (items.length === 0) return new Map();
  const json = { ids: items.map(({ id }) => id), with_payload: [VERSION], with_vector: false };
  const request = { method: "POST", path: collectionPath(name, "/points"), json, collection: name } as const;
  const records = await api.result(request, schema, call);
  return new Map(records.map(({ id, payload }) => [id, payload[VERSION] ?? 0]));
}

/** Why a conditional write was not applied, as the state after it tells; undefined if it was. */
export function conflictOf(item: WriteItem, after: ReadonlyMap<string, number>): BinnacleError | undefined {
  const found = after.get(item.id) ?? 0;
  if (found === (item.write.type === "delete" ? 0 : item.version)) return undefined;
  return (
    versionIssue(item.write, found) ??
    new BinnacleError(
      "version_conflict",
      `point ${item.write.id} was written by somebody else at the same time; read it again`,
    )
  );
}
