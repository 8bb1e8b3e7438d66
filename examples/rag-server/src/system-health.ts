import type { Collection, Health } from "@binnacle/core";
import type { RagSystem } from "./rag-system.ts";

/** The state of every part, freshly checked. */
export interface SystemHealth {
  /** The worst status of all parts. */
  readonly status: Health["status"];
  readonly components: Readonly<Record<string, Health>>;
  /** The way that questions are answered, as words for people. */
  readonly answers: string;
  readonly index: IndexSize;
}

/** The size of the collection. Zeros if it does not exist. */
export interface IndexSize {
  readonly documents: number;
  readonly chunks: number;
}

const severity: readonly Health["status"][] = ["ok", "degraded", "down"];

/** Options of {@link checkHealth}. */
export interface HealthOptions {
  readonly signal?: AbortSignal | undefined;
  /** Counts the collection. Pass a kept one to avoid counting again. @default a new one */
  readonly sizeOf?: IndexSizer | undefined;
}

/** Checks the store and the model servers at the same time, each for at most five seconds. */
export async function checkHealth(
  system: RagSystem,
  { signal, sizeOf = createIndexSizer(system) }: HealthOptions = {},
): Promise<SystemHealth> {
  const options = { signal, deadlineAt: Date.now() + 5000 };
  const parts: [string, Promise<Health>][] = [["store", system.store.health(options)]];
  if (system.backend) parts.push(["llm", system.backend.health(options)]);
  if (system.embedder) parts.push(["embedder", embedderHealth(system.embedder, options)]);
  // Without Redis every vector is made anew, which is slower and no failure: the tiers report "degraded".
  if (system.cache) parts.push(["cache", system.cache.health(options)]);
  const checked = await Promise.all(
    parts.map(async ([name, part]): Promise<[string, Health]> => [name, rounded(await part)]),
  );
  const components = Object.fromEntries(checked);
  const isStoreDown = components["store"]?.status === "down";
  return {
    status: worstOf(Object.values(components)),
    components,
    answers: system.backend ? "answers by the model" : "sentences from the documents, no model",
    index: isStoreDown ? { documents: 0, chunks: 0 } : await sizeOf(signal),
  };
}

/** Rounds the latency to a tenth of a millisecond. */
export function rounded(health: Health): Health {
  return { ...health, latencyMs: Math.round(health.latencyMs * 10) / 10 };
}

/** Returns the worst status of the parts. */
export function worstOf(parts: readonly Health[]): Health["status"] {
  return severity[Math.max(...parts.map(({ status }) => severity.indexOf(status)))] ?? "down";
}

/** Checks an embedder by embedding a text. */
async function embedderHealth(
  embedder: NonNullable<RagSystem["embedder"]>,
  options: { deadlineAt: number; signal: AbortSignal | undefined },
): Promise<Health> {
  const startedAt = performance.now();
  try {
    const { spaceId } = await embedder.embed(["health"], { ...options, role: "query" });
    return { status: "ok", latencyMs: performance.now() - startedAt, detail: spaceId };
  } catch (error) {
    options.signal?.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    return { status: "down", latencyMs: performance.now() - startedAt, detail };
  }
}

/** Returns the size of the collection. */
export type IndexSizer = (signal?: AbortSignal) => Promise<IndexSize>;

/**
 * Creates a counter that reads the collection again only after a write, so that frequent probes cost nothing.
 */
export function createIndexSizer({ store, collection }: RagSystem): IndexSizer {
  let counted: { readonly epoch: string; readonly size: IndexSize } | undefined;
  return async (signal) => {
    if ((await store.describeCollection(collection, { signal })) === undefined)
      return { documents: 0, chunks: 0 };
    const points = store.collection(collection);
    const epoch = await points.epoch({ signal });
    if (epoch === undefined || epoch !== counted?.epoch) {
      const size = await countIndex(points, signal);
      counted = epoch === undefined ? undefined : { epoch, size };
      return size;
    }
    return counted.size;
  };
}

async function countIndex(points: Collection, signal?: AbortSignal): Promise<IndexSize> {
  const [documents, chunks] = await Promise.all([
    points.count({ index: 0 }, { signal }), // every document has one first chunk
    points.count({}, { signal }),
  ]);
  return { documents, chunks };
}
