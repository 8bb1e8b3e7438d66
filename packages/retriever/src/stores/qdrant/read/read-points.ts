import type { CallOptions, GetOptions, StoredPoint } from "@binnacle/core";
import { isPointId } from "../wire/is-point-id.ts";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { collectionPath } from "../wire/collection-path.ts";
import { physicalId } from "../wire/point-ids.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import type { QdrantFilter } from "../wire/qdrant-filter.ts";
import { recordSchema, storedPoint } from "../wire/stored-record.ts";

/** The points that a read may see. */
export interface ReadScope {
  readonly api: QdrantApi;
  readonly collection: OpenCollection;
  readonly tenant: string | undefined;
}

/** Most points per request, so that the response stays far below 64 MiB. */
const MAX_POINTS = { withVectors: 500, without: 5_000 } as const;

/** Returns the points with these ids, in the order of the ids. */
export async function pointsById(
  ids: readonly string[],
  { api, collection, tenant }: ReadScope,
  { includeVectors = false, ...call }: GetOptions,
): Promise<readonly (StoredPoint | undefined)[]> {
  const { name } = collection.spec;
  const stored = [...new Set(ids.filter(isPointId).map((id) => physicalId(id, tenant)))];
  const found = new Map<string, StoredPoint>();
  const size = includeVectors ? MAX_POINTS.withVectors : MAX_POINTS.without;
  for (let from = 0; from < stored.length; from += size) {
    const json = {
      ids: stored.slice(from, from + size),
      with_payload: true,
      with_vector: includeVectors,
    };
    const request = {
      method: "POST",
      path: collectionPath(name, "/points"),
      json,
      collection: name,
    } as const;
    for (const record of await api.result(request, z.array(recordSchema), call)) {
      // A caller may request the sentinel by its id, but it is not a point.
      if (isSentinel(record.payload)) continue;
      const point = storedPoint(record, collection, includeVectors);
      found.set(point.id, point);
    }
  }
  return ids.map((id) => found.get(id));
}

/** Returns the number of points in a page, so that the response stays small. */
export function pageLimit(limit: number, includeVectors: boolean): number {
  return Math.min(limit, includeVectors ? MAX_POINTS.withVectors : MAX_POINTS.without);
}

/** One page of a scan. */
export interface Page<C> {
  readonly points: readonly StoredPoint[];
  /** The cursor of the next page. Undefined after the last page. */
  readonly next: C | undefined;
}

/** Cursor of a scan by id. */
export interface Offset {
  readonly offset?: string | undefined;
}

/** Start and content of a page. */
export interface PageOptions {
  readonly limit: number;
  readonly offset: string | undefined;
  readonly includeVectors: boolean;
}

const pageSchema = z.object({
  points: z.array(recordSchema),
  next_page_offset: z.string().nullish(),
});

/** Reads one page, ordered by the stored ids. */
export async function scrollPage(
  filter: QdrantFilter,
  { limit, offset, includeVectors }: PageOptions,
  { api, collection }: ReadScope,
  call: CallOptions,
): Promise<Page<Offset>> {
  const { name } = collection.spec;
  const json = {
    filter,
    limit: pageLimit(limit, includeVectors),
    with_payload: true,
    with_vector: includeVectors,
    ...(offset !== undefined && { offset }),
  };
  const path = collectionPath(name, "/points/scroll");
  const page = await api.result({ method: "POST", path, json, collection: name }, pageSchema, call);
  return {
    points: page.points.map((record) => storedPoint(record, collection, includeVectors)),
    next: page.next_page_offset ? { offset: page.next_page_offset } : undefined,
  };
}

/** Returns the exact number of points. */
export async function countPoints(
  filter: QdrantFilter,
  api: QdrantApi,
  name: string,
  call: CallOptions | undefined,
): Promise<number> {
  const path = collectionPath(name, "/points/count");
  const request = { method: "POST", path, json: { filter, exact: true }, collection: name } as const;
  const { count } = await api.result(request, z.object({ count: z.int().nonnegative() }), call);
  return count;
}

function isSentinel(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && !("documentId" in payload);
}
