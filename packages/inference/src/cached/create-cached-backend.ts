import {
  BinnacleError,
  type CapabilityOptions,
  type GenerateRequest,
  type Generation,
  type GenerationEvent,
  type GenerationStream,
  type Health,
  type InferenceBackend,
  type InferenceCallOptions,
  type ModelCapabilities,
} from "@binnacle/core";
import {
  canonicalDigest,
  createGenerationStream,
  createResultCache,
  createSingleFlight,
  type ResultCache,
  type SingleFlight,
} from "@binnacle/core/kit";
import { checkCallOptions } from "../server/call-options.ts";
import {
  checkBackend,
  parseCachedBackendOptions,
  type CachedBackend,
  type CachedBackendOptions,
  type CachedBackendStats,
  type CachedCallOptions,
  type ParsedCachedBackendOptions,
} from "./cached-backend-options.ts";
import { isGeneration } from "./is-generation.ts";
import { replayGeneration } from "./replay-generation.ts";

/**
 * Wraps a backend with a cache. Only deterministic requests are looked up and stored: those with
 * `temperature: 0` or a `seed`. The key consists of the model, the whole request, the call's `tenant` and its
 * `contextIds`.
 *
 * An answer from the cache has `cachedForMs`, and its `usage` is 0. Failures and filtered answers are not
 * stored. If the cache fails, the model answers.
 */
export function createCachedBackend(backend: InferenceBackend, options: CachedBackendOptions): CachedBackend {
  return new CachingBackend(checkBackend(backend), parseCachedBackendOptions(options));
}

/**
 * Format of keys and values. It is part of each key, so that a cache can outlive a release that changes the
 * format.
 */
const format = "generation 1";

class CachingBackend implements CachedBackend {
  readonly #backend: InferenceBackend;
  readonly #results: ResultCache<Generation>;
  readonly #flights: SingleFlight<Generation> = createSingleFlight("createCachedBackend");
  readonly #counts = { hits: 0, misses: 0, shared: 0, uncached: 0 };
  #isClosed = false;

  constructor(backend: InferenceBackend, options: ParsedCachedBackendOptions) {
    this.#backend = backend;
    const { onEvent } = options;
    // Deferred, so that a listener that throws fails no call.
    const onCacheError = (error: unknown): void => {
      if (onEvent !== undefined) queueMicrotask(() => onEvent({ type: "cache_failed", error }));
    };
    this.#results = createResultCache({ ...options, isResult: isGeneration, onCacheError });
  }

  async capabilities(options?: CapabilityOptions): Promise<ModelCapabilities> {
    this.#assertOpen();
    return this.#backend.capabilities(options);
  }

  async generate(request: GenerateRequest, options: CachedCallOptions = {}): Promise<Generation> {
    this.#assertOpen();
    checkCallOptions("createCachedBackend", options);
    options.signal?.throwIfAborted();
    const { contextIds: _, ...call } = options;
    const key = await this.#keyOf(request, options);
    if (key === undefined) {
      this.#counts.uncached += 1;
      return this.#backend.generate(request, call);
    }
    if (this.#flights.isUnderWay(key)) this.#counts.shared += 1;
    const work = async (signal: AbortSignal): Promise<Generation> => {
      const shared = { ...call, signal, deadlineAt: undefined };
      const cached = await this.#find(key, shared);
      if (cached !== undefined) return cached;
      const generation = await this.#backend.generate(request, shared);
      this.#keep(key, generation);
      return generation;
    };
    return this.#flights.run(key, work, options);
  }

  stream(request: GenerateRequest, options: CachedCallOptions = {}): GenerationStream {
    checkCallOptions("createCachedBackend", options);
    const open = (signal: AbortSignal): AsyncIterable<GenerationEvent> =>
      this.#events(request, { ...options, signal });
    return createGenerationStream({ signal: options.signal, open });
  }

  async countTokens(request: GenerateRequest, options?: InferenceCallOptions): Promise<number> {
    this.#assertOpen();
    return this.#backend.countTokens(request, options);
  }

  async health(options?: InferenceCallOptions): Promise<Health> {
    this.#assertOpen();
    return this.#backend.health(options);
  }

  stats(): CachedBackendStats {
    return { ...this.#counts, ...this.#results.counts };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#results.settled();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Yields the events of one generation. Streams are not shared, because each reader has its own pace. */
  async *#events(request: GenerateRequest, options: CachedCallOptions): AsyncGenerator<GenerationEvent> {
    this.#assertOpen();
    const { contextIds: _, ...call } = options;
    const key = await this.#keyOf(request, options);
    if (key === undefined) {
      this.#counts.uncached += 1;
      yield* this.#backend.stream(request, call);
      return;
    }
    const cached = await this.#find(key, call);
    if (cached !== undefined) {
      yield* replayGeneration(cached);
      return;
    }
    const stream = this.#backend.stream(request, call);
    yield* stream;
    this.#keep(key, await stream.result);
  }

  async #find(key: string, { signal, traceparent }: InferenceCallOptions): Promise<Generation | undefined> {
    const found = await this.#results.find(key, { signal, traceparent });
    if (found === undefined) {
      this.#counts.misses += 1;
      return undefined;
    }
    this.#counts.hits += 1;
    const { usage, ...generation } = found.result;
    const spent = usage === undefined ? {} : { usage: { promptTokens: 0, completionTokens: 0 } };
    return { ...generation, ...spent, cachedForMs: found.ageMs };
  }

  #keep(key: string, { replica: _, ...generation }: Generation): void {
    // A filter may decide differently tomorrow. An answer that an inner cache returned keeps its age there.
    if (generation.finishReason === "content-filter" || generation.cachedForMs !== undefined) return;
    this.#results.keep(key, generation);
  }

  /** Returns undefined if the request is not deterministic or the model's name is unknown. */
  async #keyOf(
    request: GenerateRequest,
    { tenant, contextIds = [], ...options }: CachedCallOptions,
  ): Promise<string | undefined> {
    if (request.temperature !== 0 && request.seed === undefined) return undefined;
    try {
      const { model } = await this.#backend.capabilities({ ...options, tenant, model: request.model });
      return canonicalDigest([format, model, request, tenant, contextIds]);
    } catch {
      options.signal?.throwIfAborted();
      return undefined; // the backend itself reports the failure
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new BinnacleError("closed", "createCachedBackend: the backend is closed");
  }
}
