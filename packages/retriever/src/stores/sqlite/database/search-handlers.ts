import { BinnacleError } from "@binnacle/core";
import { checkTerms, groupHits, planGroups, planSearch, type SearchPlan } from "@binnacle/core/stores";
import type { IndexHit } from "../../shared/collection-index.ts";
import { embeddedCapabilities } from "../../shared/embedded-capabilities.ts";
import { packStatistics } from "../channel/packed-statistics.ts";
import type { WireHit } from "../channel/wire-point.ts";
import type { Handlers } from "../channel/worker-host.ts";
import { inPartition, type PointHandlerParts } from "./in-partition.ts";
import type { Partition } from "./partition.ts";
import type { RowKey } from "./point-table.ts";
import type { WrittenTables } from "./point-writer.ts";
import type { IndexedRow } from "./tenant-index.ts";
import { TenantIndexes } from "./tenant-indexes.ts";

/** The requests that need the search index. */
export type SearchMethod = "search" | "searchGroups" | "termStatistics";

const { features } = embeddedCapabilities;

/** Answers the requests that need the search index. */
export function searchHandlers(
  parts: PointHandlerParts,
  { points, removals }: WrittenTables,
): Pick<Handlers, SearchMethod> {
  const indexes = new TenantIndexes(parts.connection, removals, parts.maxIndexBytes);
  const toWireHit = (partition: Partition, { point, score, legs }: IndexHit<IndexedRow>): WireHit => {
    const { id } = point;
    const content = points.content(partition, point);
    if (content !== undefined) return { id, score, ...content, ...(legs && { legs }) };
    indexes.forget(partition);
    throw staleIndex(partition.collection.spec.name, point);
  };
  return {
    search: inPartition(parts, "read", (partition, { queries }) => {
      const plans = queries.map((query) => planSearch(query, partition.collection.spec, features));
      const index = indexes.current(partition, { terms: plans.some(readsTerms) });
      return plans.map((plan) => index.search(plan).map((hit) => toWireHit(partition, hit)));
    }),
    searchGroups: inPartition(parts, "read", (partition, { query, options }) => {
      const { spec } = partition.collection;
      const groups = planGroups(query, options, spec.fields);
      const plan = planSearch(groups.query, spec, features);
      const found = indexes.current(partition, { terms: readsTerms(plan) }).search(plan);
      const hits = found.map((hit) => ({ ...hit, metadata: hit.point.metadata }));
      return groupHits(hits, groups).map((group) => ({
        value: group.value,
        hits: group.hits.map((hit) => toWireHit(partition, hit)),
      }));
    }),
    termStatistics: inPartition(parts, "read", (partition, { indices }) => {
      const { spec } = partition.collection;
      checkTerms(spec);
      const statistics = indexes.current(partition, { terms: true }).termStatistics(indices);
      return { ...packStatistics(statistics), collection: spec.name };
    }),
  };
}

function readsTerms({ legs }: SearchPlan): boolean {
  return legs.some(({ kind }) => kind === "sparse");
}

/** Only a hand that changed the tables past the store can cause this. */
function staleIndex(collection: string, { id }: RowKey): BinnacleError {
  return new BinnacleError(
    "storage_failed",
    `the search index of collection "${collection}" names point ${id} where the file holds another; it is made anew, search again`,
    { retryable: true },
  );
}
