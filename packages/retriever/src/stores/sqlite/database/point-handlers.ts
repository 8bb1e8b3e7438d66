import { BinnacleError } from "@binnacle/core";
import { checkTerms, planDeletion, planSelector, planSearch, type SearchPlan } from "@binnacle/core/stores";
import type { CollectionIndex } from "../../shared/collection-index.ts";
import { packStatistics } from "../channel/packed-statistics.ts";
import { unpackWrites } from "../channel/packed-writes.ts";
import type { CallContext } from "../channel/call-context.ts";
import type { Scope, WireFailure } from "../channel/requests.ts";
import { toWireError } from "../channel/wire-error.ts";
import type { WireHit } from "../channel/wire-point.ts";
import type { Handlers } from "../channel/worker-host.ts";
import { toEpoch, type CollectionTable } from "./collection-table.ts";
import type { Partition } from "./partition.ts";
import type { Connection } from "./connection.ts";
import { FenceTable } from "./fence-table.ts";
import { PointTable, type PointText, type RowKey } from "./point-table.ts";
import { PointWriter, type WrittenTables } from "./point-writer.ts";
import { RemovalTable } from "./removal-table.ts";
import { TenantIndexes, type PointKey } from "./tenant-indexes.ts";
import type { Transactions } from "./transactions.ts";

/** What the handlers share. */
export interface PointHandlerParts {
  readonly connection: Connection;
  readonly transactions: Transactions;
  readonly collections: CollectionTable;
  readonly maxIndexBytes: number;
}

type PointMethod =
  "write" | "deleteWhere" | "get" | "scanPage" | "count" | "search" | "termStatistics" | "epoch";

/** Answers what is asked of the points of one handle. */
export function pointHandlers(parts: PointHandlerParts): Pick<Handlers, PointMethod> {
  const { connection, collections } = parts;
  const tables = {
    collections,
    points: new PointTable(connection),
    removals: new RemovalTable(connection),
    fences: new FenceTable(connection),
  };
  return {
    ...writeHandlers(parts, tables),
    ...readHandlers(parts, tables),
    ...searchHandlers(parts, tables),
  };
}

function writeHandlers(
  parts: PointHandlerParts,
  tables: WrittenTables,
): Pick<Handlers, "write" | "deleteWhere"> {
  const writer = new PointWriter(tables);
  return {
    write: inPartition(parts, "write", (partition, params) => {
      const { fence, writes } = params;
      const before = epochOf(tables, partition, fence?.sourceId);
      const failures = writer.write(partition, unpackWrites(writes), fence).map(toWireFailure);
      const after = epochOf(tables, parts.collections.partition(params), fence?.sourceId);
      return { failures, epochs: { before, after } };
    }),
    deleteWhere: inPartition(parts, "write", (partition, { selector, fence }) =>
      writer.deleteWhere(partition, planDeletion(selector, partition.collection.spec.fields, fence), fence),
    ),
  };
}

function readHandlers(
  parts: PointHandlerParts,
  tables: WrittenTables,
): Pick<Handlers, "get" | "scanPage" | "count" | "epoch"> {
  const { points } = tables;
  return {
    get: inPartition(parts, "read", (partition, { ids, includeVectors }) =>
      ids.map((id) => points.get(partition, id, includeVectors)),
    ),
    scanPage: inPartition(parts, "read", (partition, params) => {
      const { spec } = partition.collection;
      const page = points.page(partition, planSelector(params.selector, spec.fields), params);
      return { points: page, collection: spec.name };
    }),
    count: inPartition(parts, "read", (partition, { selector }) =>
      points.count(partition, planSelector(selector, partition.collection.spec.fields)),
    ),
    epoch: inPartition(parts, "read", (partition, { sourceId }) => epochOf(tables, partition, sourceId)),
  };
}

function searchHandlers(
  parts: PointHandlerParts,
  { points, removals }: WrittenTables,
): Pick<Handlers, "search" | "termStatistics"> {
  const indexes = new TenantIndexes(parts.connection, removals, parts.maxIndexBytes);
  return {
    search: inPartition(parts, "read", (partition, { queries }) => {
      const { spec } = partition.collection;
      const plans = queries.map((query) => planSearch(query, spec));
      const index = indexes.current(partition);
      const contentOf = (key: RowKey): PointText => {
        const content = points.content(partition, key);
        if (content !== undefined) return content;
        indexes.forget(partition);
        throw staleIndex(spec.name, key);
      };
      return plans.map((plan) => search(index, plan, contentOf));
    }),
    termStatistics: inPartition(parts, "read", (partition, { indices }) => {
      const { spec } = partition.collection;
      checkTerms(spec);
      const statistics = indexes.current(partition).termStatistics(indices);
      return { ...packStatistics(statistics), collection: spec.name };
    }),
  };
}

/** Runs a body in one transaction, with the part of the collection that the handle may see. */
function inPartition<P extends Scope, T>(
  { transactions, collections }: PointHandlerParts,
  mode: "read" | "write",
  body: (partition: Partition, params: P) => T,
): (params: P, call: CallContext) => Promise<T> {
  return (params, call) => transactions[mode](call, () => body(collections.partition(params), params));
}

function epochOf({ fences }: WrittenTables, partition: Partition, sourceId: string | undefined): string {
  return sourceId === undefined ? toEpoch(partition) : fences.epoch(partition, sourceId);
}

function search(
  index: CollectionIndex<PointKey>,
  plan: SearchPlan,
  contentOf: (key: RowKey) => PointText,
): readonly WireHit[] {
  return index.search(plan).map(({ point, score, legs }) => {
    const { id, version, payload } = point;
    const hit = { id, score, version, ...contentOf({ point: payload.point, id }) };
    return legs === undefined ? hit : { ...hit, legs };
  });
}

function toWireFailure([position, error]: readonly [number, BinnacleError]): WireFailure {
  return [position, toWireError(error)];
}

/** Only a hand that changed the tables past the store can cause this. */
function staleIndex(collection: string, { id }: RowKey): BinnacleError {
  return new BinnacleError(
    "storage_failed",
    `the search index of collection "${collection}" names point ${id} where the file holds another; it is made anew, search again`,
    { retryable: true },
  );
}
