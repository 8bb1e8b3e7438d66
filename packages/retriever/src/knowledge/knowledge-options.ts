import { ConfigurationError, type Embedder, type VectorStore } from "@binnacle/core";
import { parseOptions, part, systemClock, type Clock } from "@binnacle/core/kit";
import { z } from "zod";

/** Options that the parts of this module share. */
export interface KnowledgeStoreOptions {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  /** Confines everything to one tenant. @default no tenant */
  readonly tenant?: string | undefined;
  /** Time in which the weight of a record falls to a half, in milliseconds. @default 30 days */
  readonly halfLifeMs?: number | undefined;
  /** Reads the time. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

const month = 30 * 24 * 3_600_000;

const schema = z.strictObject({
  store: part<VectorStore>(["collection", "ensureCollection"], "a VectorStore, such as new MemoryStore()"),
  embedder: part<Embedder>(["embed", "describe"], "an Embedder"),
  collection: z.string().min(1),
  tenant: z.string().min(1).optional(),
  halfLifeMs: z.number().positive().default(month),
  clock: part<Clock>(["now"], "a Clock").default(systemClock),
});

/** {@link KnowledgeStoreOptions} with their defaults, and the name of the collection. */
export interface ParsedKnowledgeOptions extends KnowledgeStoreOptions {
  readonly collection: string;
  readonly halfLifeMs: number;
  readonly clock: Clock;
}

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseKnowledgeOptions(
  label: string,
  options: KnowledgeStoreOptions & { readonly collection?: string | undefined },
  collection: string,
): ParsedKnowledgeOptions {
  const parsed = parseOptions(label, schema, { ...options, collection: options.collection ?? collection });
  return { ...parsed, store: options.store, embedder: options.embedder };
}

/** Throws a `ConfigurationError` unless the value is a text that is not empty. */
export function checkText(label: string, field: string, value: unknown): void {
  if (typeof value === "string" && value.trim() !== "") return;
  throw new ConfigurationError(`${label}: \`${field}\` must be a text that is not empty.`);
}

/** Throws a `ConfigurationError` unless every value is a number from `min` to `max`. */
export function checkRange(
  label: string,
  values: { readonly [field: string]: unknown },
  min: number,
  max: number,
): void {
  for (const [field, value] of Object.entries(values)) {
    if (typeof value === "number" && value >= min && value <= max) continue;
    throw new ConfigurationError(
      `${label}: \`${field}\` must be from ${min} to ${max}, got ${String(value)}.`,
    );
  }
}
