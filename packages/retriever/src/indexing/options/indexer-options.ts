import {
  ConfigurationError,
  type CallOptions,
  type Manifest,
  type Metadata,
  type VectorStore,
} from "@binnacle/core";
import { callOptionsFields, parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import { indexPart, type Index } from "./define-index.ts";
import type { IndexProgress } from "../report/index-report.ts";
import type { AllowMassDelete } from "../run/run-context.ts";

/** Options of {@link createIndexer}. */
export interface IndexerOptions<M extends Metadata = Metadata, F extends Metadata = M, W = unknown> {
  readonly store: VectorStore;
  readonly index: Index<M, F, W>;
  /** Where it is remembered what was indexed. @default the store's own, where it has one */
  readonly manifest?: Manifest | undefined;
  /** Confines the indexer to one tenant; required exactly where the index requires tenants. */
  readonly tenant?: string | undefined;
  /** True if a complete listing, or the end of a scope, may remove more than half, and more than ten, of a scope's
   * documents. A function is asked for each such scope, and again every `retryMs` while the source is followed.
   * @default false */
  readonly allowMassDelete?: AllowMassDelete | undefined;
  /** Hears how far a run is. What it throws ends the run. */
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
  /** How long to wait while another indexer, or a longer run of this one, holds the source; the runs of one indexer take
   * turns, and every turn begins the wait anew for those behind. One that died elsewhere holds it for up to 30 seconds; a
   * manifest in SQLite notices at once where the dead process was one of this machine. Then the call rejects with code
   * `lease_held`, retryable. @default 45 000 */
  readonly leaseWaitMs?: number | undefined;
  /** How long the lease on a source outlives a process that died on another machine. Sessions renew it three times in its
   * length. @default 30 000 */
  readonly leaseMs?: number | undefined;
  /** Bytes of text (two per UTF-16 unit) that are chunked, that wait for vectors, that are embedded and that are written:
   * each at most as many. With the documents that are loaded at the same time they bound a run's memory. @default 4 MiB */
  readonly maxBatchBytes?: number | undefined;
  /** Documents loaded at the same time. @default 8 */
  readonly loadConcurrency?: number | undefined;
}

/** Options of {@link Indexer.sync} and {@link Indexer.plan}. */
export interface SyncOptions extends CallOptions {
  /** @default the indexer's */
  readonly allowMassDelete?: AllowMassDelete | undefined;
  /** Read every document and compare the store with the manifest, even where versions and epoch say that nothing
   * changed: after the index's schema changed, or where versions cannot be trusted. Equal text costs no embedding. @default false */
  readonly recheck?: boolean | undefined;
}

/** Options of {@link Indexer.follow}. */
export interface FollowOptions extends SyncOptions {
  /** How long a change may wait for others to be applied together with it. A change that comes alone does not wait.
   * @default 100 */
  readonly flushMs?: number | undefined;
  /** How long until a document that failed in a way that may pass is tried again. @default 30 000 */
  readonly retryMs?: number | undefined;
}

/** Options of {@link Indexer.upsert} and {@link Indexer.remove}. */
export interface PushOptions extends CallOptions {
  /** The source that pushed documents belong to. @default "pushed" */
  readonly sourceId?: string | undefined;
}

const allowMassDelete = z.custom<AllowMassDelete>(
  (value) => typeof value === "boolean" || typeof value === "function",
  "expected true, false or a function of the deletion",
);

const schema = z.strictObject({
  store: part<VectorStore>(["collection", "ensureCollection"], "a VectorStore, such as new MemoryStore()"),
  index: indexPart,
  manifest: part<Manifest>(["open"], "a Manifest, such as new MemoryManifest()").optional(),
  tenant: z.string().min(1).optional(),
  allowMassDelete: allowMassDelete.default(false),
  onProgress: z.custom<(progress: IndexProgress) => void>((value) => typeof value === "function").optional(),
  leaseWaitMs: z.int().nonnegative().default(45_000),
  leaseMs: z.int().positive().default(30_000),
  maxBatchBytes: z
    .int()
    .positive()
    .default(4 * 1024 * 1024),
  loadConcurrency: z.int().positive().default(8),
});

const callSchema = z.strictObject(callOptionsFields);
const syncSchema = callSchema.extend({
  allowMassDelete: allowMassDelete.optional(),
  recheck: z.boolean().optional(),
});
const followSchema = syncSchema.extend({
  flushMs: z.int().nonnegative().default(100),
  retryMs: z.int().positive().default(30_000),
});
const pushSchema = callSchema.extend({ sourceId: z.string().min(1).default("pushed") });

/** Checks the options of one call. Throws a `ConfigurationError` that lists every issue. */
export function parseSyncOptions(call: string, options: SyncOptions): SyncOptions {
  return parseOptions(call, syncSchema, options);
}

/** As {@link parseSyncOptions}, with defaults. */
export function parseFollowOptions(
  options: FollowOptions,
): SyncOptions & { readonly flushMs: number; readonly retryMs: number } {
  return parseOptions("follow", followSchema, options);
}

/** As {@link parseSyncOptions}, with defaults. */
export function parsePushOptions(
  call: string,
  options: PushOptions,
): CallOptions & { readonly sourceId: string } {
  return parseOptions(call, pushSchema, options);
}

type Defaulted =
  "manifest" | "allowMassDelete" | "leaseWaitMs" | "leaseMs" | "maxBatchBytes" | "loadConcurrency";

/** Options of {@link createIndexer} with their defaults. */
export type ParsedIndexerOptions = Omit<IndexerOptions, Defaulted> & {
  readonly [K in Defaulted]: NonNullable<IndexerOptions[K]>;
};

/** Checks options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseIndexerOptions(options: IndexerOptions): ParsedIndexerOptions {
  const parsed = parseOptions("createIndexer", schema, options);
  const manifest = options.manifest ?? options.store.manifest;
  if (manifest === undefined) {
    const message = "this store has no manifest of its own; pass one, such as new SqliteManifest({ path })";
    throw new ConfigurationError(`createIndexer: manifest: ${message}`, {
      issues: [{ path: "manifest", message }],
    });
  }
  return { ...parsed, index: options.index, manifest };
}
