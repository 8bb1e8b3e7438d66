import type { Cache } from "../../spec/cache.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { BackgroundWrites } from "./background-writes.ts";

/** Options of {@link createResultCache}. */
export interface ResultCacheOptions<T> {
  readonly cache: Cache;
  readonly ttlMs: number;
  /** Most bytes of results that wait to be stored. Further results are not stored. */
  readonly maxPendingBytes: number;
  /** Returns true if a value from the cache is a result. Other programs may have written to the cache. */
  readonly isResult: (value: unknown) => value is T;
  /** Called with each rejection of the cache. A correct cache rejects only on an abort. */
  readonly onCacheError: (error: unknown) => void;
}

/** A result from a cache. */
export interface FoundResult<T> {
  readonly result: T;
  /** Age of the result, in milliseconds. */
  readonly ageMs: number;
}

/** Keeps results as plain data in a cache. Each value repeats its key, so that a value of another key is
 * detected. */
export interface ResultCache<T> {
  /** Counters since the result cache was created. */
  readonly counts: {
    /** Values that were not valid results of their key. */
    readonly corrupt: number;
    /** Calls of the cache that rejected. */
    readonly cacheErrors: number;
  };
  /** Returns the result of a key, or undefined for any kind of miss. Rejects only on an abort. */
  find(key: string, options: CallOptions): Promise<FoundResult<T> | undefined>;
  /** Stores a result in the background. */
  keep(key: string, result: T): void;
  /** Resolves when all results are stored. */
  settled(): Promise<void>;
}

/** Creates a result cache that stores JSON in UTF-8. Numbers are read exactly as they were written. */
export function createResultCache<T>(options: ResultCacheOptions<T>): ResultCache<T> {
  const { cache, ttlMs, maxPendingBytes, isResult, onCacheError } = options;
  const writes = new BackgroundWrites(maxPendingBytes);
  const counts = { corrupt: 0, cacheErrors: 0 };
  const failed = (error: unknown): undefined => {
    counts.cacheErrors += 1;
    onCacheError(error);
    return undefined;
  };
  return {
    get counts() {
      return { ...counts };
    },
    async find(key, call) {
      const bytes = await read(cache, key, call).catch((error: unknown) => {
        call.signal?.throwIfAborted();
        return failed(error);
      });
      if (bytes === undefined) return undefined;
      const found = parsed(key, bytes);
      if (found !== undefined && isResult(found.result)) {
        return { result: found.result, ageMs: Math.max(0, Date.now() - found.madeAt) };
      }
      counts.corrupt += 1;
      return undefined;
    },
    keep(key, result) {
      const bytes = Buffer.from(JSON.stringify({ key, madeAt: Date.now(), result }));
      writes.add(bytes.byteLength, async () => {
        try {
          await cache.setMany([[key, bytes]], { ttlMs });
        } catch (error) {
          failed(error);
        }
      });
    },
    settled: () => writes.settled(),
  };
}

async function read(
  cache: Cache,
  key: string,
  { signal, traceparent }: CallOptions,
): Promise<Uint8Array | undefined> {
  return (await cache.getMany([key], { signal, traceparent }))[0];
}

function parsed(
  key: string,
  bytes: Uint8Array,
): { readonly madeAt: number; readonly result: unknown } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return undefined; // incomplete or foreign bytes are a miss
  }
  if (typeof value !== "object" || value === null || !("key" in value) || value.key !== key) return undefined;
  if (!("madeAt" in value) || typeof value.madeAt !== "number" || !("result" in value)) return undefined;
  return { madeAt: value.madeAt, result: value.result };
}
