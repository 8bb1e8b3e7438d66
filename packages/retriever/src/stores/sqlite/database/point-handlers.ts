import { BinnacleError } from "@binnacle/core";
import { countFacet, planDeletion, planFacet, planOrder, planSelector } from "@binnacle/core/stores";
import { unpackWrites } from "../channel/packed-writes.ts";
import type { WireFailure } from "../channel/requests.ts";
import { toWireError } from "../channel/wire-error.ts";
import type { Handlers } from "../channel/worker-host.ts";
import { toEpoch } from "./collection-table.ts";
import type { Partition } from "./partition.ts";
import { FenceTable } from "./fence-table.ts";
import { inPartition, type PointHandlerParts } from "./in-partition.ts";
import { orderedPage } from "./ordered-page.ts";
import { PointTable } from "./point-table.ts";
import { PointWriter, type WrittenTables } from "./point-writer.ts";
import { RemovalTable } from "./removal-table.ts";
import { searchHandlers, type SearchMethod } from "./search-handlers.ts";

type ReadMethod = "get" | "scanPage" | "facet" | "count" | "epoch";
type PointMethod = "write" | "deleteWhere" | ReadMethod | SearchMethod;

/** Answers requests about the points of one handle. */
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

function readHandlers(parts: PointHandlerParts, tables: WrittenTables): Pick<Handlers, ReadMethod> {
  const { points } = tables;
  return {
    get: inPartition(parts, "read", (partition, { ids, includeVectors }) =>
      ids.map((id) => points.get(partition, id, includeVectors)),
    ),
    scanPage: inPartition(parts, "read", (partition, params) => {
      const { spec } = partition.collection;
      const plan = planSelector(params.selector, spec.fields);
      if (params.orderBy) {
        const order = planOrder(params.orderBy, spec.fields);
        const places = orderedPage(points.metadata(partition, plan), order, params);
        const page = places.flatMap(({ id }) => points.get(partition, id, params.includeVectors) ?? []);
        return { points: page, last: places.at(-1), collection: spec.name };
      }
      const page = points.page(partition, plan, { ...params, after: params.after?.id });
      const id = page.at(-1)?.id;
      return {
        points: page,
        last: id === undefined ? undefined : { position: undefined, id },
        collection: spec.name,
      };
    }),
    facet: inPartition(parts, "read", (partition, { field, options }) => {
      const plan = planFacet(field, options, partition.collection.spec.fields);
      return countFacet(points.metadata(partition, plan.selector), plan);
    }),
    count: inPartition(parts, "read", (partition, { selector }) =>
      points.count(partition, planSelector(selector, partition.collection.spec.fields)),
    ),
    epoch: inPartition(parts, "read", (partition, { sourceId }) => epochOf(tables, partition, sourceId)),
  };
}

function epochOf({ fences }: WrittenTables, partition: Partition, sourceId: string | undefined): string {
  return sourceId === undefined ? toEpoch(partition) : fences.epoch(partition, sourceId);
}

function toWireFailure([position, error]: readonly [number, BinnacleError]): WireFailure {
  return [position, toWireError(error)];
}
