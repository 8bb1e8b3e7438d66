import type { Collection, Health } from "@binnacle/core";
import type { RagSystem } from "./rag-system.ts";

/** The state of every part, each really asked. */
export interface SystemHealth {
  /** The worst of the parts. */
  readonly status: Health["status"];
  readonly components: Readonly<Record<string, Health>>;
  /** How questions are answered, for a person. */
  readonly answers: string;
  readonly index: IndexSize;
}

/** What the collection holds; zeros where it does not exist yet. */
export interface IndexSize {
  readonly documents: number;
  readonly chunks: number;
}

const severity: readonly Health["status"][] = ["ok", "degraded", "down"];

/** Options of {@link checkHealth}. */
export interface HealthOptions {
  readonly signal?: AbortSignal | undefined;
  /** One that is kept from check to check need not count again. @default one that counts */
  readonly sizeOf?: IndexSizer | undefined;
}

/** Asks the store and the model servers at the same time, each for at most five seconds. */
export async function checkHealth(
  system: RagSystem,
  { signal, sizeOf = createIndexSizer(system) }: HealthOptions = {},
): Promise<SystemHealth> {
  const options = { signal, deadlineAt: Date.now() + 5000 };
  const parts: [string, Promise<Health>][] = [["store", system.store.health(options)]];
  if (system.backend) parts.push(["llm", system.backend.health(options)]);
  if (system.embedder) parts.push(["embedder", embedderHealth(system.embedder, options)]);
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

/** Tenths of a millisecond tell enough. */
export function rounded(health: Health): Health {
  return { ...health, latencyMs: Math.round(health.latencyMs * 10) / 10 };
}

/** A system is as well as the worst of its parts. */
export function worstOf(parts: readonly Health[]): Health["status"] {
  return severity[Math.max(...parts.map(({ status }) => severity.indexOf(status)))] ?? "down";
}

/** An embedder says whether it works by embedding. */
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

/** Tells how much the collection holds. */
export type IndexSizer = (signal?: AbortSignal) => Promise<IndexSize>;

/** Reads the collection once, and again only after it was written to: a probe every few seconds costs nothing. */
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
