import type { CallOptions, DocumentSource, Manifest, Metadata, VectorStore } from "@binnacle/core";
import { callOptionsFields, parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";
import { checkSource } from "../indexing/options/check-arguments.ts";
import { indexPart, type Index } from "../indexing/options/define-index.ts";

/** A source to fill the new collection from. */
export interface ReindexSource {
  readonly source: DocumentSource;
  /** The tenant of its documents. Required exactly if the index requires tenants. */
  readonly tenant?: string | undefined;
}

/** The progress of {@link reindex}. */
export interface ReindexProgress {
  /**
   * `filling`: writes the new collection. `checking`: compares it. `waiting`: another indexer holds a source.
   * `switching`: the check has passed.
   */
  readonly phase: "filling" | "checking" | "waiting" | "switching";
  /** The unit of `done`. */
  readonly unit: "points" | "documents";
  /** Points or documents that the current pass has handled. */
  readonly done: number;
  /** Number to handle in the current pass. Missing if it is not known. */
  readonly total?: number | undefined;
  /** Texts that this call has embedded so far. */
  readonly embeddings: number;
}

/** Options of {@link reindex}. */
export interface ReindexOptions<
  M extends Metadata = Metadata,
  F extends Metadata = M,
  W = unknown,
> extends CallOptions {
  /** A store with {@link VectorStore.aliases}. */
  readonly store: VectorStore;
  /** The new definition. Its name is the alias that indexers and retrievers use. */
  readonly index: Index<M, F, W>;
  /** Sources that the indexer reads into the new collection. They must cover every source of the old
   * collection. @default the points of `from` are copied, and their text is embedded anew */
  readonly sources?: readonly ReindexSource[] | undefined;
  /** Collection that the new collection replaces. @default the collection that the alias means */
  readonly from?: string | undefined;
  /**
   * Name of the new collection. It must not exist, or be what an earlier call began. @default the alias, `-`
   * and a digest of chunker, space and encoder
   */
  readonly into?: string | undefined;
  /** @default the store's own. Without a manifest, pause every writer while points are copied. */
  readonly manifest?: Manifest | undefined;
  /** Every tenant of the old collection. Required if points of a collection with tenants are copied, because
   * a store does not list its tenants. */
  readonly tenants?: readonly string[] | undefined;
  /** Receives the progress. An error that it throws ends the call. */
  readonly onProgress?: ((progress: ReindexProgress) => void) | undefined;
  /** How long to wait for indexers of the old collection before the switch, in milliseconds. Then the call
   * rejects with code `lease_held`. @default 45_000 */
  readonly leaseWaitMs?: number | undefined;
}

/** The result of {@link reindex}. */
export interface ReindexReport {
  /** `switched`: the alias means the new collection now. `current`: it already did, and nothing was done. */
  readonly outcome: "switched" | "current";
  /** The collection that the alias meant, or that was given as `from`. It is kept. */
  readonly from?: string | undefined;
  /** The collection that the alias means now. */
  readonly into: string;
  /** Points in the new collection. */
  readonly points: number;
  readonly embeddings: number;
  readonly durationMs: number;
}

const name = once(() =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, "expected the name of a collection"),
);

const schema = once(() =>
  z.strictObject({
    store: part<VectorStore>(["collection", "ensureCollection"], "a VectorStore, such as new SqliteStore()"),
    index: indexPart(),
    sources: z
      .array(z.strictObject({ source: z.custom<DocumentSource>(), tenant: z.string().min(1).optional() }))
      .min(1)
      .optional(),
    from: name().optional(),
    into: name().optional(),
    manifest: part<Manifest>(["open"], "a Manifest, such as new MemoryManifest()").optional(),
    tenants: z.array(z.string().min(1)).min(1).optional(),
    onProgress: z
      .custom<(progress: ReindexProgress) => void>((value) => typeof value === "function")
      .optional(),
    leaseWaitMs: z.int().nonnegative().default(45_000),
    ...callOptionsFields,
  }),
);

/** Checks options. Throws a `ConfigurationError` that lists every issue. */
export function parseReindexOptions(
  options: ReindexOptions,
): ReindexOptions & { readonly leaseWaitMs: number } {
  const parsed = parseOptions("reindex", schema(), options);
  for (const { source } of parsed.sources ?? []) checkSource("reindex", source);
  return { ...parsed, index: options.index, manifest: options.manifest ?? options.store.manifest };
}
