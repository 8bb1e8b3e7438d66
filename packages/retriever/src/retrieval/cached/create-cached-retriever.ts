import type {
  CallOptions,
  Collection,
  EmbedInput,
  Metadata,
  Retrieval,
  RetrieveOptions,
  Retriever,
} from "@binnacle/core";
import {
  canonicalDigest,
  createResultCache,
  createSingleFlight,
  type ResultCache,
  type SingleFlight,
} from "@binnacle/core/kit";
import { checkRetrieveOptions } from "../retriever-options.ts";
import { isRetrieval } from "./is-retrieval.ts";
import {
  checkRetriever,
  parseCachedRetrieverOptions,
  type CachedRetriever,
  type CachedRetrieverEvent,
  type CachedRetrieverOptions,
  type CachedRetrieverStats,
  type ParsedCachedRetrieverOptions,
} from "./cached-retriever-options.ts";

/**
 * Creates a retriever that caches the results of another retriever. The key contains the collection's epoch,
 * read before the search, so a write by any process invalidates all older results at once. If the epoch
 * cannot be read, nothing is cached. Failures are not cached. If the cache fails, the retriever searches.
 */
export function createCachedRetriever<M extends Metadata = Metadata, F extends Metadata = M>(
  retriever: Retriever<M, F>,
  options: CachedRetrieverOptions,
): CachedRetriever<M, F> {
  checkRetriever(retriever);
  return new CachingRetriever(retriever, parseCachedRetrieverOptions(options));
}

/**
 * The format of keys and values. It is part of each key, because a cache may outlive a release that changes
 * the format.
 */
const format = "retrieval 1";

class CachingRetriever<M extends Metadata, F extends Metadata> implements CachedRetriever<M, F> {
  readonly #retriever: Retriever<M, F>;
  readonly #options: ParsedCachedRetrieverOptions;
  readonly #collection: Collection;
  readonly #flights: SingleFlight<Retrieval<M>> = createSingleFlight("createCachedRetriever");
  readonly #results: ResultCache<Retrieval<M>>;
  readonly #counts = { hits: 0, misses: 0, shared: 0, uncached: 0 };

  constructor(retriever: Retriever<M, F>, options: ParsedCachedRetrieverOptions) {
    const { store, collection, tenant } = options;
    this.#retriever = retriever;
    this.#options = options;
    this.#collection = store.collection(collection, tenant === undefined ? undefined : { tenant });
    this.#results = createResultCache({
      ...options,
      isResult: isRetrieval<M>,
      onCacheError: (error) => this.#emit({ type: "cache_failed", error }),
    });
  }

  async retrieve(query: EmbedInput, options: RetrieveOptions<F> = {}): Promise<Retrieval<M>> {
    checkRetrieveOptions(options);
    options.signal?.throwIfAborted();
    const startedAt = performance.now();
    const epoch = await this.#epoch(options);
    const key = epoch === undefined ? undefined : this.#keyOf(query, options, epoch);
    if (key === undefined) {
      this.#counts.uncached += 1;
      return this.#retriever.retrieve(query, options);
    }
    if (this.#flights.isUnderWay(key)) this.#counts.shared += 1;
    const work = (signal: AbortSignal): Promise<Retrieval<M>> =>
      this.#find(key, startedAt, { ...options, signal, deadlineAt: undefined }, query);
    return this.#flights.run(key, work, options);
  }

  stats(): CachedRetrieverStats {
    return { ...this.#counts, ...this.#results.counts };
  }

  close(): Promise<void> {
    return this.#results.settled();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #epoch({ signal, deadlineAt, traceparent }: CallOptions): Promise<string | undefined> {
    try {
      return await this.#collection.epoch({ signal, deadlineAt, traceparent });
    } catch (error) {
      signal?.throwIfAborted();
      this.#emit({ type: "epoch_failed", error });
      return undefined;
    }
  }

  /**
   * Returns the cache key. Undefined if the options are not plain data, which the inner retriever will
   * reject.
   */
  #keyOf(
    query: EmbedInput,
    { signal: _, deadlineAt: _deadlineAt, traceparent: _traceparent, ...asked }: RetrieveOptions<F>,
    epoch: string,
  ): string | undefined {
    const { collection, tenant, settings } = this.#options;
    const parts = typeof query === "string" ? { content: [{ type: "text", text: query }] } : query;
    try {
      return canonicalDigest([format, collection, tenant, epoch, settings, parts, asked]);
    } catch {
      return undefined;
    }
  }

  async #find(
    key: string,
    startedAt: number,
    options: RetrieveOptions<F>,
    query: EmbedInput,
  ): Promise<Retrieval<M>> {
    const { signal, traceparent } = options;
    const found = await this.#results.find(key, { signal, traceparent });
    if (found === undefined) {
      this.#counts.misses += 1;
      const retrieval = await this.#retriever.retrieve(query, options);
      this.#results.keep(key, retrieval);
      return retrieval;
    }
    this.#counts.hits += 1;
    const durations = { embedMs: 0, searchMs: 0, totalMs: performance.now() - startedAt };
    return { ...found.result, trace: { ...found.result.trace, ...durations, cachedForMs: found.ageMs } };
  }

  // The listener runs in a microtask, so that a listener that throws does not fail the call.
  #emit(event: CachedRetrieverEvent): void {
    const { onEvent } = this.#options;
    if (onEvent !== undefined) queueMicrotask(() => onEvent(event));
  }
}
