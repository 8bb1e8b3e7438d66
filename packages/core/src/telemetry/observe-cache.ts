import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import type { Cache } from "../spec/cache.ts";
import type { Telemetry } from "../spec/telemetry.ts";
import { ObservedPart } from "./observed-part.ts";

/** Options of {@link observeCache}. */
export interface ObserveCacheOptions {
  readonly telemetry: Telemetry;
  /** Name of the cache in the measurements, such as `embeddings`. Give each tier its own name. */
  readonly cache: string;
}

/**
 * Reports the calls of a cache, with its hits, misses and bytes. A hit rate is
 * `hits / (hits + misses)`. Returns the cache itself if the telemetry records nothing.
 */
export function observeCache(inner: Cache, { telemetry, cache }: ObserveCacheOptions): Cache {
  if (telemetry === noTelemetry) return inner;
  const part = new ObservedPart({ telemetry, part: "cache", labels: { cache } });
  const count = counters(telemetry);
  return {
    freshValues: inner.freshValues,
    getMany: (keys, options) =>
      part.run({ operation: "get", options }, async (given, open) => {
        const values = await inner.getMany(keys, given);
        const hits = values.filter((value) => value !== undefined).length;
        const misses = values.length - hits;
        open.setAttributes({ hits, misses });
        if (hits > 0) count.hits.add(hits, part.labels);
        if (misses > 0) count.misses.add(misses, part.labels);
        return values;
      }),
    setMany: (entries, options) =>
      part.run({ operation: "set", options }, async (given, open) => {
        await inner.setMany(entries, given);
        const bytes = entries.reduce((sum, [, value]) => sum + value.byteLength, 0);
        open.setAttributes({ items: entries.length, bytes });
        count.written.add(bytes, part.labels);
        const { bytes: held } = inner.stats();
        if (held !== undefined) count.held.set(held, part.labels);
      }),
    deleteMany: (keys, options) =>
      part.run({ operation: "delete", options }, (given) => inner.deleteMany(keys, given)),
    stats: () => inner.stats(),
    health: async (options) => part.checked(await inner.health(options)),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

function counters(telemetry: Telemetry) {
  const attributes = ["cache"];
  return {
    hits: telemetry.counter("binnacle.cache.hits", {
      unit: "items",
      description: "Keys that a cache had.",
      attributes,
    }),
    misses: telemetry.counter("binnacle.cache.misses", {
      unit: "items",
      description: "Keys that a cache did not have.",
      attributes,
    }),
    written: telemetry.counter("binnacle.cache.writes", {
      unit: "bytes",
      description: "Bytes that were given to a cache.",
      attributes,
    }),
    held: telemetry.gauge("binnacle.cache.held", {
      unit: "bytes",
      description: "Bytes that a cache held after its last write.",
      attributes,
    }),
  };
}
