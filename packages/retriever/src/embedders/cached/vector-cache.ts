import type { EmbedResult } from "@binnacle/core";
import { abortable, vectorMemory } from "@binnacle/core/kit";
import type { CachedEmbedderOptions } from "./cached-embedder-options.ts";
import { isVectorBytes, readVectorBytes, vectorInPlace, vectorToBytes } from "./vector-bytes.ts";

/** Reads and writes vectors in a cache that may fail. A failure is only counted. An abort rejects. */
export class VectorCache {
  /** Number of values that were damaged or of another format. */
  corrupt = 0;
  /** Number of calls that the cache rejected. */
  cacheErrors = 0;
  readonly #options: Pick<CachedEmbedderOptions, "cache" | "ttlMs">;
  /** The values that were checked, with the dimensions for which they are valid. */
  readonly #sound: WeakMap<Uint8Array, number> = new WeakMap();
  readonly #lookups: Set<Promise<unknown>> = new Set();

  constructor(options: Pick<CachedEmbedderOptions, "cache" | "ttlMs">) {
    this.#options = options;
  }

  /** Returns the vector of each key in order, in new memory. Undefined for a miss. */
  async read(
    keys: readonly string[],
    dimensions: number,
    signal: AbortSignal,
  ): Promise<readonly (Float32Array | undefined)[]> {
    const lookup = this.#getMany(keys, signal);
    this.#lookups.add(lookup);
    try {
      const values = await lookup;
      if (this.#options.cache.freshValues === true)
        return keys.map((_, slot) => this.#inPlace(values[slot], dimensions));
      const memory = vectorMemory(dimensions, keys.length);
      return keys.map((_, slot) => this.#vector(values[slot], dimensions, memory));
    } finally {
      this.#lookups.delete(lookup);
    }
  }

  /** Stores the vectors of a call after the model has answered. Never rejects. */
  async write(keys: readonly string[], result: Promise<EmbedResult>): Promise<void> {
    const outcomes = await result.then(
      (answer) => answer.outcomes,
      () => [],
    );
    const entries = keys.flatMap((key, position) => {
      const outcome = outcomes[position];
      return outcome instanceof Float32Array ? [[key, vectorToBytes(outcome)] as const] : [];
    });
    const { cache, ttlMs } = this.#options;
    try {
      if (entries.length > 0) await cache.setMany(entries, { ttlMs });
    } catch {
      this.cacheErrors += 1;
    }
  }

  /** Resolves when all lookups that are running now have ended. */
  async lookupsEnded(): Promise<void> {
    await Promise.allSettled(this.#lookups);
  }

  async #getMany(keys: readonly string[], signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      const values = await abortable(this.#options.cache.getMany(keys, { signal }), signal);
      if (Array.isArray(values)) return values;
    } catch {
      signal.throwIfAborted();
    }
    // The cache rejected, threw or returned no list. In each case the model can be asked instead.
    this.cacheErrors += 1;
    return [];
  }

  /** Reads a value that the cache has checked and copied. */
  #inPlace(value: unknown, dimensions: number): Float32Array | undefined {
    if (value === undefined) return undefined;
    const vector = value instanceof Uint8Array ? vectorInPlace(value, dimensions) : undefined;
    if (vector === undefined) this.corrupt += 1;
    return vector;
  }

  #vector(value: unknown, dimensions: number, memory: () => Float32Array): Float32Array | undefined {
    if (value === undefined) return undefined;
    if (!(value instanceof Uint8Array) || !this.#isSound(value, dimensions)) {
      this.corrupt += 1;
      return undefined;
    }
    const vector = memory();
    readVectorBytes(value, vector);
    return vector;
  }

  /**
   * Checks a value once, because a cache in this process returns the same object again, which must not
   * change.
   */
  #isSound(value: Uint8Array, dimensions: number): boolean {
    if (this.#sound.get(value) === dimensions) return true;
    if (!isVectorBytes(value, dimensions)) return false;
    this.#sound.set(value, dimensions);
    return true;
  }
}
