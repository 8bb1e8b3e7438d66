import { setImmediate } from "node:timers/promises";
import type {
  CallOptions,
  Collection,
  EpochOptions,
  FacetCount,
  FacetOptions,
  GetOptions,
  GroupOptions,
  Hit,
  HitGroup,
  Metadata,
  PointSelector,
  ScanOptions,
  SearchQuery,
  StoredPoint,
  TermStatistics,
  Write,
  WriteOptions,
  WriteResult,
} from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import {
  checkTerms,
  copyMetadata,
  countFacet,
  groupHits,
  planDeletion,
  planFacet,
  planGroups,
  planOrder,
  planSearch,
  planSelector,
  readScanOptions,
} from "@binnacle/core/stores";
import type { IndexHit } from "../shared/collection-index.ts";
import { embeddedCapabilities } from "../shared/embedded-capabilities.ts";
import type { MemoryCollectionState } from "./memory-collection-state.ts";
import { copyChunk, type MemoryPartition, type MemoryPoint } from "./memory-partition.ts";

const pointsPerTurn = 256;
const { features } = embeddedCapabilities;

/** A handle. Each call looks up the collection anew, because it may be deleted and created again. */
export class MemoryCollection implements Collection {
  readonly name: string;
  readonly #tenant: string | undefined;
  readonly #state: (name: string) => MemoryCollectionState;

  constructor(name: string, tenant: string | undefined, state: (name: string) => MemoryCollectionState) {
    this.name = name;
    this.#tenant = tenant;
    this.#state = state;
  }

  async write(batch: readonly Write[], options?: WriteOptions): Promise<WriteResult> {
    const { partition, state } = this.#open("write", options);
    const fence = options?.fence;
    partition.admit(fence);
    const before = epochOf(state, partition, fence?.sourceId);
    const failures = partition.write(batch, state.spec, fence);
    return { failures, epochs: { before, after: epochOf(state, partition, fence?.sourceId) } };
  }

  async deleteWhere(selector: PointSelector, options?: WriteOptions): Promise<number> {
    const { partition, state } = this.#open("write", options);
    const plan = planDeletion(selector, state.spec.fields, options?.fence);
    partition.admit(options?.fence);
    return partition.deleteWhere(plan, options?.fence);
  }

  async get(ids: readonly string[], options?: GetOptions): Promise<readonly (StoredPoint | undefined)[]> {
    const { partition } = this.#open("read", options);
    return ids.map((id) => {
      const point = partition.index.get(id);
      return point && storedPoint(partition, point, options?.includeVectors);
    });
  }

  async *scan(options: ScanOptions = {}): AsyncIterable<StoredPoint> {
    const { selector, includeVectors, orderBy } = readScanOptions(options, features);
    const { partition: first, state } = this.#open("read", options);
    const plan = planSelector(selector, state.spec.fields);
    const order = orderBy && planOrder(orderBy, state.spec.fields);
    const chosen = first.chosen(plan);
    const ids = order
      ? chosen
          .map(order.placeOf)
          .sort(order.compare)
          .map(({ id }) => id)
      : chosen.map(({ id }) => id).sort();
    const { name } = state.spec; // an alias may be switched during the scan
    for (const [position, id] of ids.entries()) {
      // Nothing in this loop waits. Without a pause, a reader that does not wait either blocks all timers and
      // sockets.
      if (position % pointsPerTurn === pointsPerTurn - 1) await setImmediate();
      // Each point is read anew, because others may write, delete or close before the caller asks for the
      // next one.
      const { partition } = this.#open("read", options, name);
      const point = partition.index.get(id);
      if (point && (!plan.test || plan.test(point))) yield storedPoint(partition, point, includeVectors);
    }
  }

  async count(selector: PointSelector = {}, options?: CallOptions): Promise<number> {
    const { partition, state } = this.#open("read", options);
    const plan = planSelector(selector, state.spec.fields);
    return plan.test ? partition.chosen(plan).length : partition.index.size;
  }

  async search(query: SearchQuery, options?: CallOptions): Promise<readonly Hit[]> {
    const { partition, state } = this.#open("read", options);
    const plan = planSearch(query, state.spec, features);
    return (await partition.index.searchInTurns(plan, options?.signal)).map(toHit);
  }

  async searchMany(
    queries: readonly SearchQuery[],
    options?: CallOptions,
  ): Promise<readonly (readonly Hit[])[]> {
    const { partition, state } = this.#open("read", options);
    const plans = queries.map((query) => planSearch(query, state.spec, features));
    const found: (readonly Hit[])[] = [];
    for (const plan of plans)
      found.push((await partition.index.searchInTurns(plan, options?.signal)).map(toHit));
    return found;
  }

  async searchGroups(query: SearchQuery, options: GroupOptions): Promise<readonly HitGroup[]> {
    const { partition, state } = this.#open("read", options);
    const plan = planGroups(query, options, state.spec.fields);
    const search = planSearch(plan.query, state.spec, features);
    return groupHits((await partition.index.searchInTurns(search, options.signal)).map(toHit), plan);
  }

  async facet(field: string, options?: FacetOptions): Promise<readonly FacetCount[]> {
    const { partition, state } = this.#open("read", options);
    const plan = planFacet(field, options, state.spec.fields);
    return countFacet(partition.chosen(plan.selector), plan);
  }

  async termStatistics(indices: Uint32Array, options?: CallOptions): Promise<TermStatistics> {
    const { partition, state } = this.#open("read", options);
    checkTerms(state.spec);
    return partition.index.termStatistics(indices);
  }

  async epoch(options?: EpochOptions): Promise<string> {
    const { partition, state } = this.#open("read", options);
    return epochOf(state, partition, options?.sourceId);
  }

  #open(
    use: "read" | "write",
    options: CallOptions | undefined,
    name: string = this.name,
  ): { readonly state: MemoryCollectionState; readonly partition: MemoryPartition } {
    const state = this.#state(name);
    checkCall(options);
    return { state, partition: state.partition(this.#tenant, use) };
  }
}

function epochOf(
  state: MemoryCollectionState,
  partition: MemoryPartition,
  sourceId: string | undefined,
): string {
  return `${state.incarnation}:${partition.epoch(sourceId)}`;
}

function storedPoint(
  partition: MemoryPartition,
  { id, version, payload, metadata }: MemoryPoint,
  includeVectors = false,
): StoredPoint {
  const point = { id, version, chunk: copyChunk(payload.chunk), metadata: copyMetadata(metadata) };
  if (!includeVectors) return point;
  return { ...point, dense: partition.index.dense(id), sparse: partition.index.sparse(id) };
}

function toHit({ point, score, legs }: IndexHit<MemoryPoint>): Hit<Metadata> {
  const { id, version, payload, metadata } = point;
  const hit = { id, score, version, chunk: copyChunk(payload.chunk), metadata: copyMetadata(metadata) };
  return legs ? { ...hit, legs } : hit;
}
