import {
  BinnacleError,
  type CallOptions,
  type Collection,
  type EpochOptions,
  type FacetCount,
  type FacetOptions,
  type GetOptions,
  type GroupOptions,
  type Hit,
  type HitGroup,
  type PointSelector,
  type ScanOptions,
  type SearchQuery,
  type StoredPoint,
  type TermStatistics,
  type Write,
  type WriteOptions,
  type WriteResult,
} from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import {
  checkFence,
  checkTenancy,
  checkTerms,
  groupHits,
  planDeletion,
  planFacet,
  planGroups,
  planOrder,
  planSearch,
  planSelector,
  readScanOptions,
} from "@binnacle/core/stores";
import { deletePoints } from "./write/delete-points.ts";
import { epochText } from "./write/epoch-chain.ts";
import { Epochs } from "./write/epochs.ts";
import { writeBatch, type WriteContext } from "./write/write-batch.ts";
import { orderedPage, type OrderedCursor } from "./read/ordered-page.ts";
import { readFacet } from "./read/read-facet.ts";
import {
  countPoints,
  pointsById,
  scrollPage,
  type Offset,
  type Page,
  type ReadScope,
} from "./read/read-points.ts";
import { readSeeds } from "./read/read-seeds.ts";
import { runSearches } from "./read/run-searches.ts";
import { readTermStatistics } from "./read/term-statistics.ts";
import { selectorFilter } from "./wire/selector-filter.ts";
import type { OpenCollection } from "./collections/open-collections.ts";
import { QDRANT_FEATURES } from "./qdrant-features.ts";
import type { QdrantContext } from "./qdrant-context.ts";

/** A handle to a collection, or to one tenant's part of it. */
export class QdrantCollection implements Collection {
  readonly name: string;
  readonly #tenant: string | undefined;
  readonly #context: QdrantContext;

  constructor(name: string, tenant: string | undefined, context: QdrantContext) {
    this.name = name;
    this.#tenant = tenant;
    this.#context = context;
  }

  write(batch: readonly Write[], options: WriteOptions = {}): Promise<WriteResult> {
    return this.#run(options, async (collection) => {
      const context = this.#writing(collection, options);
      return this.#inTurn(context, () => writeBatch(batch, context));
    });
  }

  deleteWhere(selector: PointSelector, options: WriteOptions = {}): Promise<number> {
    return this.#run(options, async (collection) => {
      const plan = planDeletion(selector, collection.spec.fields, options.fence);
      const context = this.#writing(collection, options);
      return this.#inTurn(context, () => deletePoints(selectorFilter(plan, this.#tenant), context));
    });
  }

  get(ids: readonly string[], options: GetOptions = {}): Promise<readonly (StoredPoint | undefined)[]> {
    return this.#run(options, (collection) => pointsById(ids, this.#reading(collection), options));
  }

  scan(options: ScanOptions = {}): AsyncIterable<StoredPoint> {
    const { selector, pageSize: limit, includeVectors, orderBy } = readScanOptions(options, QDRANT_FEATURES);
    const { signal, deadlineAt, traceparent } = options;
    const call = { signal, deadlineAt, traceparent };
    const filterOf = ({ spec }: OpenCollection) =>
      selectorFilter(planSelector(selector, spec.fields), this.#tenant);
    if (orderBy === undefined)
      return this.#pages<Offset>(call, {}, (collection, { offset }) =>
        scrollPage(filterOf(collection), { limit, offset, includeVectors }, this.#reading(collection), call),
      );
    return this.#pages<OrderedCursor>(call, { phase: "values" }, (collection, cursor) => {
      const order = planOrder(orderBy, collection.spec.fields);
      const scan = { order, filter: filterOf(collection), limit, includeVectors };
      return orderedPage(cursor, scan, this.#reading(collection), call);
    });
  }

  count(selector: PointSelector = {}, options: CallOptions = {}): Promise<number> {
    return this.#run(options, (collection) => {
      const plan = planSelector(selector, collection.spec.fields);
      return countPoints(
        selectorFilter(plan, this.#tenant),
        this.#context.api,
        collection.spec.name,
        options,
      );
    });
  }

  async search(query: SearchQuery, options: CallOptions = {}): Promise<readonly Hit[]> {
    const [hits = []] = await this.searchMany([query], options);
    return hits;
  }

  searchMany(
    queries: readonly SearchQuery[],
    options: CallOptions = {},
  ): Promise<readonly (readonly Hit[])[]> {
    return this.#run(options, async (collection) => {
      const plans = queries.map((query) => planSearch(query, collection.spec, QDRANT_FEATURES));
      const resolved = await readSeeds(plans, this.#reading(collection), options);
      return runSearches(resolved, this.#scope(collection), this.#context.api, options);
    });
  }

  async searchGroups(query: SearchQuery, options: GroupOptions): Promise<readonly HitGroup[]> {
    const { by: _, size: __, candidates: ___, ...call } = options;
    return this.#run(call, async (collection) => {
      const plan = planGroups(query, options, collection.spec.fields);
      return groupHits(await this.search(plan.query, call), plan);
    });
  }

  facet(field: string, { filter, limit, ...call }: FacetOptions = {}): Promise<readonly FacetCount[]> {
    return this.#run(call, (collection) => {
      const plan = planFacet(field, { filter, limit }, collection.spec.fields);
      return readFacet(plan, this.#reading(collection), call);
    });
  }

  termStatistics(indices: Uint32Array, options: CallOptions = {}): Promise<TermStatistics> {
    return this.#run(options, (collection) => {
      checkTerms(collection.spec);
      return readTermStatistics(indices, this.#scope(collection), this.#context.api, options);
    });
  }

  epoch({ sourceId, ...options }: EpochOptions = {}): Promise<string | undefined> {
    return this.#run(options, async (collection) => {
      if (!collection.hasEpochs) return undefined;
      const sentinel = await this.#epochsOf(collection).read(options);
      return epochText(collection.incarnation, sentinel, sourceId);
    });
  }

  /**
   * Reads pages until one has no next. An alias may be switched meanwhile, so they all come from one
   * collection.
   */
  async *#pages<C>(
    call: CallOptions,
    first: C,
    read: (collection: OpenCollection, cursor: C) => Promise<Page<C>>,
  ): AsyncGenerator<StoredPoint> {
    let { name } = this;
    for (let cursor: C | undefined = first; cursor !== undefined;) {
      const from: C = cursor;
      const page: Page<C> = await this.#run(
        call,
        (collection) => {
          name = collection.spec.name;
          return read(collection, from);
        },
        name,
      );
      for (const point of page.points) {
        this.#context.check(call);
        yield point;
      }
      cursor = page.next;
    }
  }

  #reading(collection: OpenCollection): ReadScope {
    return { api: this.#context.api, collection, tenant: this.#tenant };
  }

  /** Opens the collection and runs the call. If the collection is gone, reads the alias again, and repeats
   * the call if the alias has another target. */
  async #run<T>(
    options: CallOptions,
    call: (collection: OpenCollection) => Promise<T>,
    name: string = this.name,
  ): Promise<T> {
    this.#context.check(options);
    const { collections } = this.#context;
    let collection: OpenCollection | undefined;
    try {
      collection = await collections.open(name, options);
      checkTenancy(collection.spec, this.#tenant);
      return await call(collection);
    } catch (error) {
      this.#context.check();
      if (!BinnacleError.isInstance(error) || error.code !== "not_found") throw error;
      collections.forget(name);
      if (collection) this.#forget(collection);
      const isSwitched = collection && (await this.#meansAnother(name, collection, options));
      if (!isSwitched) throw error;
    }
    return this.#run(options, call, name);
  }

  async #meansAnother(name: string, { spec }: OpenCollection, options: CallOptions): Promise<boolean> {
    if (name === spec.name) return false;
    const target = await this.#context.collections.aliases.ask(name, options);
    return target !== undefined && target !== spec.name;
  }

  #forget(collection: OpenCollection): void {
    this.#context.collections.forget(collection.spec.name);
    this.#epochsOf(collection).forget();
  }

  #epochsOf({ spec }: OpenCollection): Epochs {
    const { api, sentinels } = this.#context;
    return new Epochs(api, spec.name, this.#tenant, sentinels);
  }

  /** Runs writes of this store to the same epochs one after another. Otherwise each write would count as a
   * write of another writer. */
  #inTurn<T>({ epochs, call: options }: WriteContext, call: () => Promise<T>): Promise<T> {
    return this.#context.turns.run(epochs.key, call, options?.signal);
  }

  #writing(collection: OpenCollection, { fence, ...call }: WriteOptions): WriteContext {
    if (fence) checkFence(fence, undefined);
    checkCall(call);
    const { api, bounds } = this.#context;
    return { api, collection, tenant: this.#tenant, epochs: this.#epochsOf(collection), bounds, fence, call };
  }

  #scope(collection: OpenCollection) {
    return { collection, tenant: this.#tenant, oversampling: this.#context.oversampling };
  }
}
