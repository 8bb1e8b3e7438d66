import {
  BinnacleError,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
  type InferenceCallOptions,
  type VectorSpace,
} from "@binnacle/core";
import {
  abortable,
  createDeadline,
  describeChecked,
  embedChecked,
  parseDescribeOptions,
  parseEmbedArguments,
} from "@binnacle/core/kit";
import {
  label,
  parseCachedEmbedderOptions,
  type CachedEmbedder,
  type CachedEmbedderOptions,
  type CachedEmbedderStats,
} from "./cached-embedder-options.ts";
import { embeddingKeys } from "./embedding-keys.ts";
import { SharedCall } from "./shared-call.ts";
import { VectorCache } from "./vector-cache.ts";

/**
 * Creates an embedder that caches the vectors of another embedder, for queries and documents. Equal inputs,
 * in one call or in concurrent calls, are sent to the model once. Failures are not cached. If the cache
 * fails, the model is asked. The `usage` of a result counts only the tokens that this call sent to the model.
 */
export function createCachedEmbedder(embedder: Embedder, options: CachedEmbedderOptions): CachedEmbedder {
  return new CachingEmbedder(embedder, parseCachedEmbedderOptions(embedder, options));
}

interface WaitOptions extends EmbedOptions {
  readonly signal: AbortSignal;
}

/** The call of the model that an input waits for, and the position of its outcome there. */
interface Place {
  readonly call: SharedCall;
  readonly position: number;
}

class CachingEmbedder implements CachedEmbedder {
  readonly #embedder: Embedder;
  readonly #tenant: string | undefined;
  readonly #vectors: VectorCache;
  /** The inputs that the model is embedding or the cache is storing, by key. */
  readonly #underWay: Map<string, Place> = new Map();
  readonly #writes: Set<Promise<void>> = new Set();
  readonly #counts = { hits: 0, misses: 0, shared: 0 };
  #isClosed = false;

  constructor(embedder: Embedder, options: CachedEmbedderOptions) {
    this.#embedder = embedder;
    this.#tenant = options.tenant;
    this.#vectors = new VectorCache(options);
  }

  async describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    this.#assertOpen();
    return await describeChecked(this.#embedder, parseDescribeOptions(label, options));
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#assertOpen();
    const given = parseEmbedArguments(label, inputs, options);
    given.signal?.throwIfAborted();
    if (inputs.length === 0) return await this.#embedder.embed(inputs, given);
    const deadline = createDeadline({ label, signal: given.signal, deadlineAt: given.deadlineAt });
    const call = { ...given, signal: deadline.signal };
    try {
      return await this.#embed(inputs, call);
    } catch (error) {
      // A new model serves the same address, so the keys of the old space are wrong.
      if (!BinnacleError.isInstance(error) || error.code !== "wrong_space") throw error;
      return await this.#embed(inputs, call);
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  stats(): CachedEmbedderStats {
    const { corrupt, cacheErrors } = this.#vectors;
    return { ...this.#counts, corrupt, cacheErrors };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#writes);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #embed(inputs: readonly EmbedInput[], options: WaitOptions): Promise<EmbedResult> {
    const { role, ...call } = options;
    const { space } = await describeChecked(this.#embedder, call);
    const keys = embeddingKeys(inputs, { tenant: this.#tenant, spaceId: space.id, role });
    const found = await this.#vectors.read(keys, space.dimensions, call.signal);
    // There is no `await` until the keys are entered, so that two callers never send the same input.
    const fresh = new Map<string, EmbedInput>();
    const places = new Map<string, Place>();
    for (const [slot, key] of keys.entries()) {
      const input = inputs[slot];
      if (found[slot] !== undefined || input === undefined) this.#counts.hits += 1;
      else if (fresh.has(key) || this.#join(key, places)) this.#counts.shared += 1;
      else fresh.set(key, input);
    }
    this.#counts.misses += fresh.size;
    const own = fresh.size === 0 ? undefined : this.#start(fresh, space, options);
    if (own !== undefined) for (const key of fresh.keys()) this.#join(key, places);
    await settled(new Set([...places.values()].map((place) => place.call)), call.signal);
    const outcomes = keys.map((key, slot) => found[slot] ?? outcomeAt(places.get(key)));
    return {
      spaceId: space.id,
      outcomes,
      usage: own === undefined ? { tokens: 0 } : (await own.result).usage,
    };
  }

  /** Enters the key's place into `places` and returns true, if a running call already embeds the input. */
  #join(key: string, places: Map<string, Place>): boolean {
    const place = this.#underWay.get(key);
    if (place?.call.isOpen !== true) return false;
    places.set(key, place);
    return true;
  }

  #start(fresh: ReadonlyMap<string, EmbedInput>, space: VectorSpace, options: EmbedOptions): SharedCall {
    const call = new SharedCall((signal) =>
      // The call has no deadline, because other callers may wait longer than this one.
      embedChecked(this.#embedder, [...fresh.values()], { ...options, signal, deadlineAt: undefined }, space),
    );
    const keys = [...fresh.keys()];
    for (const [position, key] of keys.entries()) this.#underWay.set(key, { call, position });
    const written = this.#vectors.write(keys, call.result).then(() => this.#release(keys, call));
    this.#writes.add(written);
    void written.then(() => this.#writes.delete(written));
    return call;
  }

  /**
   * Removes the keys of a call after all running lookups have ended, because a lookup may have missed the
   * write.
   */
  async #release(keys: readonly string[], call: SharedCall): Promise<void> {
    await this.#vectors.lookupsEnded();
    for (const key of keys) if (this.#underWay.get(key)?.call === call) this.#underWay.delete(key);
  }

  #assertOpen(): void {
    if (this.#isClosed)
      throw new BinnacleError("closed", `${label}: the embedder is closed. Create a new one.`);
  }
}

/** Waits until the calls end or the signal fires. A call that other callers wait for goes on. */
async function settled(calls: ReadonlySet<SharedCall>, signal: AbortSignal): Promise<void> {
  if (calls.size === 0) return;
  for (const call of calls) call.join();
  let reason: unknown;
  try {
    await abortable(Promise.all([...calls].map(({ result }) => result)), signal);
  } catch (error) {
    reason = error;
    throw error;
  } finally {
    for (const call of calls) call.leave(reason);
  }
}

function outcomeAt(place: Place | undefined): Float32Array | BinnacleError {
  if (place === undefined) throw new RangeError("An input has neither a cached vector nor a call.");
  return place.call.outcome(place.position);
}
