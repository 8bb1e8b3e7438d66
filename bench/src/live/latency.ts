import type { Collection, Metadata, VectorStore } from "@binnacle/core";
import { createIndexer, MemoryManifest } from "@binnacle/retriever";
import { setTimeout as sleep } from "node:timers/promises";
import { indexWith, listed, preparedEmbedder, upsert, withStore, type StoreKind } from "./bench-index.ts";
import { LiveSource } from "./live-source.ts";

const documents = 500;

/** Rate and kind of the changes. */
export interface LatencyLoad {
  readonly kind: StoreKind;
  readonly changesPerSecond: number;
  readonly changes: number;
  /** Milliseconds of one call to the embedder. */
  readonly embedMs: number;
}

/** Times from a change until a search finds it. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** True if every change became searchable. */
  readonly isComplete: boolean;
}

/** Follows a source that changes at a steady rate, with the indexer's defaults. */
export async function measureLatency(load: LatencyLoad): Promise<Latency> {
  return withStore(load.kind, async (store) => {
    const written = new Map<string, number>();
    const embedder = preparedEmbedder({ maxItems: 32, concurrency: 4, callMs: load.embedMs });
    const manifest = store.manifest ?? new MemoryManifest();
    const indexer = createIndexer({
      store: timedStore(store, written),
      manifest,
      index: indexWith(embedder),
    });
    const source = new LiveSource();
    const handle = indexer.follow(source);
    const ids = Array.from({ length: documents }, (_, i) => `pod-${i}`);
    source.say(...listed(ids.map((id) => upsert(id, `${id} version 0`))));
    await until(() => written.size === documents);
    await sleep(500);
    const sent = await sayChanges(source, ids, load);
    await until(() => [...sent.keys()].every((text) => written.has(text)));
    await handle.close();
    const delays = Array.from(sent, ([text, at]) => (written.get(text) ?? Number.NaN) - at);
    delays.sort((a, b) => a - b);
    const isComplete = delays.every((delay) => delay >= 0);
    return { p50Ms: percentile(delays, 0.5), p99Ms: percentile(delays, 0.99), isComplete };
  });
}

async function sayChanges(
  source: LiveSource,
  ids: readonly string[],
  { changes, changesPerSecond }: LatencyLoad,
): Promise<ReadonlyMap<string, number>> {
  const sent = new Map<string, number>();
  const startedAt = performance.now();
  for (let i = 0; i < changes; i++) {
    const dueAt = startedAt + (i * 1000) / changesPerSecond;
    while (performance.now() < dueAt) await sleep(Math.max(0, dueAt - performance.now()));
    const id = ids[(i * 7919) % ids.length] ?? "";
    const text = `${id} version ${i + 1}`;
    sent.set(text, performance.now());
    source.say(upsert(id, text));
  }
  return sent;
}

/**
 * Wraps a store and records when each text became searchable. It hides the store's manifest, so that no run
 * shares one.
 */
function timedStore(store: VectorStore, written: Map<string, number>): VectorStore {
  return {
    capabilities: (options) => store.capabilities(options),
    health: (options) => store.health(options),
    ensureCollection: (spec, options) => store.ensureCollection(spec, options),
    describeCollection: (name, options) => store.describeCollection(name, options),
    listCollections: (options) => store.listCollections(options),
    deleteCollection: (name, options) => store.deleteCollection(name, options),
    collection: <M extends Metadata>(name: string): Collection<M> =>
      timedCollection(store.collection<M>(name), written),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

function timedCollection<M extends Metadata>(
  inner: Collection<M>,
  written: Map<string, number>,
): Collection<M> {
  return {
    name: inner.name,
    write: async (batch, options) => {
      const result = await inner.write(batch, options);
      const now = performance.now();
      for (const write of batch) if (write.type === "upsert") written.set(write.chunk.text, now);
      return result;
    },
    deleteWhere: (selector, options) => inner.deleteWhere(selector, options),
    get: (ids, options) => inner.get(ids, options),
    scan: (options) => inner.scan(options),
    count: (selector, options) => inner.count(selector, options),
    search: (query, options) => inner.search(query, options),
    searchMany: (queries, options) => inner.searchMany(queries, options),
    termStatistics: (indices, options) => inner.termStatistics(indices, options),
    epoch: (options) => inner.epoch(options),
  };
}

async function until(isDone: () => boolean): Promise<void> {
  const givesUpAt = performance.now() + 60_000;
  while (!isDone() && performance.now() < givesUpAt) await sleep(5);
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
