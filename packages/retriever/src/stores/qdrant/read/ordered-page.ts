import { UnsupportedError, type CallOptions, type StoredPoint } from "@binnacle/core";
import type { OrderPlan, Position } from "@binnacle/core/stores";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import { metadataKey } from "../wire/payload-keys.ts";
import type { QdrantCondition, QdrantFilter } from "../wire/qdrant-filter.ts";
import { inUtc } from "../wire/rfc3339.ts";
import { recordSchema, storedPoint } from "../wire/stored-record.ts";
import { pageLimit, scrollPage, type Offset, type Page, type ReadScope } from "./read-points.ts";

/**
 * The position at which an ordered scan continues. Qdrant orders by value only, and its pages have no offset.
 * So the scan reads a page by `values` and leaves out the last value. It reads the `ties` of that value by
 * id, and starts again above it. Points without a value come last.
 */
export type OrderedCursor =
  | { readonly phase: "values"; readonly done?: Position | undefined; readonly limit?: number | undefined }
  | ({ readonly phase: "ties"; readonly position: Position } & Offset)
  | ({ readonly phase: "missing" } & Offset);

/** An ordered scan. */
export interface OrderedScan {
  readonly order: OrderPlan;
  readonly filter: QdrantFilter;
  readonly limit: number;
  readonly includeVectors: boolean;
}

/** Reads one page of an ordered scan. A page may be empty before the last one. */
export async function orderedPage(
  cursor: OrderedCursor,
  scan: OrderedScan,
  scope: ReadScope,
  call: CallOptions,
): Promise<Page<OrderedCursor>> {
  const { order } = scan;
  const positionOf = (point: StoredPoint): Position | undefined => order.placeOf(point).position;
  switch (cursor.phase) {
    case "values":
      return valuesPage(cursor, scan, scope, call);
    case "ties": {
      const { position, offset } = cursor;
      const tied = rangeCondition(order, { gte: position, lte: position });
      const page = await scrollPage(narrowed(scan.filter, tied), { ...scan, offset }, scope, call);
      const points = page.points.filter((point) => positionOf(point) === position);
      if (page.next !== undefined) return { points, next: { ...cursor, ...page.next } };
      return { points, next: { phase: "values", done: position } };
    }
    case "missing": {
      const valued = rangeCondition(order, {
        gte: order.type === "datetime" ? FIRST_INSTANT : -Number.MAX_VALUE,
      });
      const filter = narrowed(scan.filter, { must_not: [valued] });
      const page = await scrollPage(filter, { ...scan, offset: cursor.offset }, scope, call);
      const points = page.points.filter((point) => positionOf(point) === undefined);
      return { points, next: page.next === undefined ? undefined : { ...cursor, ...page.next } };
    }
    default:
      return cursor satisfies never;
  }
}

const FIRST_INSTANT = BigInt(Date.parse("0001-01-01T00:00:00Z")) * 1000n;

const pageSchema = z.object({
  points: z.array(z.object({ ...recordSchema.shape, order_value: z.number() })),
});

async function valuesPage(
  { done, ...cursor }: Extract<OrderedCursor, { readonly phase: "values" }>,
  { order, filter, includeVectors, ...scan }: OrderedScan,
  { api, collection }: ReadScope,
  call: CallOptions,
): Promise<Page<OrderedCursor>> {
  const { name } = collection.spec;
  const limit = pageLimit(cursor.limit ?? scan.limit, includeVectors);
  const path = collectionPath(name, "/points/scroll");
  const later = order.direction === "ascending" ? "gt" : "lt";
  const json = {
    // Rounding on the way must not bring back what is done, so a start alone is not enough.
    filter: done === undefined ? filter : narrowed(filter, rangeCondition(order, { [later]: done })),
    limit,
    with_payload: true,
    with_vector: includeVectors,
    order_by: {
      key: metadataKey(order.field),
      direction: order.direction === "ascending" ? "asc" : "desc",
      ...(done !== undefined && { start_from: wirePosition(startAfter(done, order), order) }),
    },
  };
  const page = await api.result({ method: "POST", path, json, collection: name }, pageSchema, call);
  const found = page.points.map((record) => {
    const point = storedPoint(record, collection, includeVectors);
    // The point's own number, because the server's answer may have lost digits of it.
    return { point, place: order.placeOf(point), at: closest(order.positionsOf(point), record.order_value) };
  });
  const isLater = (a: Position, b: Position): boolean => (order.direction === "ascending" ? a > b : a < b);
  const last = found.at(-1)?.at;
  const isEnd = found.length < limit || last === undefined;
  // A point with an array comes once for each element, and belongs to its first.
  const own = new Map(
    found
      .filter(({ place, at }) => at !== undefined && place.position === at && (isEnd || at !== last))
      .filter(({ at }) => done === undefined || (at !== undefined && isLater(at, done)))
      .map((each) => [each.point.id, each]),
  );
  const points = [...own.values()].sort((a, b) => order.compare(a.place, b.place)).map(({ point }) => point);
  if (isEnd) return { points, next: { phase: "missing" } };
  if (done === undefined || isLater(last, done)) return { points, next: { phase: "ties", position: last } };
  // The page holds only points with arrays, which begin at the value that is done. A larger page reaches
  // beyond them.
  if (pageLimit(2 * limit, includeVectors) > limit)
    return { points, next: { phase: "values", done, limit: 2 * limit } };
  throw new UnsupportedError(
    `scan: at least ${limit} points have arrays with ${done} in field "${order.field}", and Qdrant cannot page through them. Order by another field.`,
    { capability: "orderBy" },
  );
}

function closest(positions: readonly Position[], value: number): Position | undefined {
  const distance = (position: Position): number => Math.abs(Number(position) - value);
  return positions.toSorted((a, b) => distance(a) - distance(b))[0];
}

function narrowed(filter: QdrantFilter, condition: QdrantCondition): QdrantFilter {
  return { ...filter, must: [...(filter.must ?? []), condition] };
}

function rangeCondition(order: OrderPlan, range: Readonly<Record<string, Position>>): QdrantCondition {
  const bounds = Object.entries(range).map(([operator, bound]) => [operator, wirePosition(bound, order)]);
  return { key: metadataKey(order.field), range: Object.fromEntries(bounds) };
}

function wirePosition(position: Position, { type }: OrderPlan): number | string {
  return type === "datetime" ? inUtc(position) : Number(position);
}

/** Returns the next value if the type has one, else the position itself. */
function startAfter(position: Position, { type, direction }: OrderPlan): Position {
  const step = direction === "ascending" ? 1 : -1;
  if (typeof position === "bigint") return position + BigInt(step);
  return type === "float" ? position : position + step;
}
