import { BinnacleError } from "@binnacle/core";
import { checkTerms, planDeletion, planSelector, planSearch, type SearchPlan } from "@binnacle/core/stores";
import type { CollectionIndex } from "../../shared/collection-index.ts";
import { unpackWrites } from "../channel/packed-writes.ts";
import type { WireFailure } from "../channel/requests.ts";
import { toWireError } from "../channel/wire-error.ts";
import type { WireHit } from "../channel/wire-point.ts";
import type { Handlers } from "../channel/worker-host.ts";
import { toEpoch, type CollectionTable, type Partition } from "./collection-table.ts";
import type { Connection } from "./connection.ts";
import { FenceTable } from "./fence-table.ts";
import { PointTable, type PointText, type RowKey } from "./point-table.ts";
import { PointWriter } from "./point-writer.ts";
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
  const { transactions, collections } = parts;
  const points = new PointTable(parts.connection);
  const removals = new RemovalTable(parts.connection);
  const fences = new FenceTable(parts.connection);
  const writer = new PointWriter({ collections, points, removals, fences });
  const epochOf = (partition: Partition, sourceId: string | undefined): string =>
    sourceId === undefined ? toEpoch(partition) : fences.epoch(partition, sourceId);
  const indexes = new TenantIndexes(parts.connection, removals, parts.maxIndexBytes);
  return {
    write: (params, call) => {
      const batch = unpackWrites(params.writes);
      return transactions.write(call, () => {
        const partition = collections.partition(params);
        const before = epochOf(partition, params.fence?.sourceId);
        const failures = writer.write(partition, batch, params.fence).map(toWireFailure);
        const after = epochOf(collections.partition(params), params.fence?.sourceId);
        return { failures, epochs: { before, after } };
      });
    },
    deleteWhere: (params, call) =>
      transactions.write(call, () => {
        const partition = collections.partition(params);
        const plan = planDeletion(params.selector, partition.collection.spec.fields);
        return writer.deleteWhere(partition, plan, params.fence);
      }),
    get: (params, call) =>
      transactions.read(call, () => {
        const partition = collections.partition(params);
        return params.ids.map((id) => points.get(partition, id, params.includeVectors));
      }),
    scanPage: (params, call) =>
      transactions.read(call, () => {
        const partition = collections.partition(params);
        return points.page(
          partition,
          planSelector(params.selector, partition.collection.spec.fields),
          params,
        );
      }),
    count: (params, call) =>
      transactions.read(call, () => {
        const partition = collections.partition(params);
        return points.count(partition, planSelector(params.selector, partition.collection.spec.fields));
      }),
    search: (params, call) =>
      transactions.read(call, () => {
        const partition = collections.partition(params);
        const plans = params.queries.map((query) => planSearch(query, partition.collection.spec));
        const index = indexes.current(partition);
        const contentOf = (key: RowKey): PointText => {
          const content = points.content(partition, key);
          if (content !== undefined) return content;
          indexes.forget(partition);
          throw staleIndex(params.collection, key);
        };
        return plans.map((plan) => search(index, plan, contentOf));
      }),
    termStatistics: (params, call) =>
      transactions.read(call, () => {
        const partition = collections.partition(params);
        checkTerms(params.indices, partition.collection.spec);
        return indexes.current(partition).termStatistics(params.indices);
      }),
    epoch: (params, call) =>
      transactions.read(call, () => epochOf(collections.partition(params), params.sourceId)),
  };
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
