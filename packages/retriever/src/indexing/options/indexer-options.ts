import {
  ConfigurationError,
  type CallOptions,
  type Manifest,
  type Metadata,
  type Telemetry,
  type VectorStore,
} from "@binnacle/core";
import { callOptionsFields, noTelemetry, parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";
import { indexPart, type Index } from "./define-index.ts";
import type { IndexProgress } from "../report/index-report.ts";
import type { AllowMassDelete } from "../run/run-context.ts";

/** Options of {@link createIndexer}. */
export interface IndexerOptions<M extends Metadata = Metadata, F extends Metadata = M, W = unknown> {
  readonly store: VectorStore;
  readonly index: Index<M, F, W>;
  /**
   * Records what is indexed.
   * @default the store's own manifest, if it has one
   */
  readonly manifest?: Manifest | undefined;
  /** Confines the indexer to one tenant. Required exactly if the index requires tenants. */
  readonly tenant?: string | undefined;
  /**
   * True if a complete listing, or the end of a scope, may remove more than half, and more than ten, of a
   * scope's documents. A function decides for each such scope, and is asked again every `retryMs` while the
   * source is followed. Only `true` permits the deletion.
   * @default false
   */
  readonly allowMassDelete?: AllowMassDelete | undefined;
  /** Called with the progress of a run. An error that it throws ends the run. */
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
  /**
   * Milliseconds to wait while another indexer, or a longer run of this indexer, holds the source. Then the
   * call rejects with code `lease_held`, retryable. The runs of one indexer take turns, and each turn
   * restarts the wait of the runs behind it. A process that died holds the lease for up to `leaseMs`. A
   * SQLite manifest detects a dead process of the same machine at once.
   * @default 45 000
   */
  readonly leaseWaitMs?: number | undefined;
  /**
   * Milliseconds for which the lease outlives a process that died on another machine. A session renews its
   * lease three times in that period.
   * @default 30 000
   */
  readonly leaseMs?: number | undefined;
  /**
   * Maximum bytes of text, two for each UTF-16 unit, in each stage: chunked, waiting for vectors, embedded
   * and written. Together with the documents that are loaded at the same time, this bounds a run's memory.
   * @default 4 MiB
   */
  readonly maxBatchBytes?: number | undefined;
  /** Number of documents loaded at the same time. @default 8 */
  readonly loadConcurrency?: number | undefined;
  /** Receives a span of each run, and its progress as counters. @default none */
  readonly telemetry?: Telemetry | undefined;
}

/** Options of {@link Indexer.sync} and {@link Indexer.plan}. */
export interface SyncOptions extends CallOptions {
  /**
   * Overrides the indexer's own option.
   * @default the indexer's
   */
  readonly allowMassDelete?: AllowMassDelete | undefined;
  /**
   * True: read every document and compare the store with the manifest, even if versions and epoch show no
   * change. Use it after the index's schema changed, or if versions cannot be trusted. Equal text is not
   * embedded again.
   * @default false
   */
  readonly recheck?: boolean | undefined;
}

/** Options of {@link Indexer.follow}. */
export interface FollowOptions extends SyncOptions {
  /**
   * Maximum milliseconds that a change waits for other changes. A single change does not wait.
   * @default 100
   */
  readonly flushMs?: number | undefined;
  /** Milliseconds until a document that failed for a reason that may pass is tried again. @default 30 000 */
  readonly retryMs?: number | undefined;
}

/** Options of {@link Indexer.upsert} and {@link Indexer.remove}. */
export interface PushOptions extends CallOptions {
  /** The source that pushed documents belong to. @default "pushed" */
  readonly sourceId?: string | undefined;
}

const allowMassDelete = once(() =>
  z.custom<AllowMassDelete>(
    (value) => typeof value === "boolean" || typeof value === "function",
    "expected true, false or a function of the deletion",
  ),
);

const schema = once(() =>
  z.strictObject({
    store: part<VectorStore>(["collection", "ensureCollection"], "a VectorStore, such as new MemoryStore()"),
    index: indexPart(),
    manifest: part<Manifest>(["open"], "a Manifest, such as new MemoryManifest()").optional(),
    tenant: z.string().min(1).optional(),
    allowMassDelete: allowMassDelete().default(false),
    onProgress: z
      .custom<(progress: IndexProgress) => void>((value) => typeof value === "function")
      .optional(),
    leaseWaitMs: z.int().nonnegative().default(45_000),
    leaseMs: z.int().positive().default(30_000),
    maxBatchBytes: z
      .int()
      .positive()
      .default(4 * 1024 * 1024),
    loadConcurrency: z.int().positive().default(8),
    telemetry: part<Telemetry>(["startSpan", "counter", "histogram", "gauge"], "a Telemetry").default(
      noTelemetry,
    ),
  }),
);

const callSchema = once(() => z.strictObject(callOptionsFields));
const syncSchema = once(() =>
  callSchema().extend({
    allowMassDelete: allowMassDelete().optional(),
    recheck: z.boolean().optional(),
  }),
);
const followSchema = once(() =>
  syncSchema().extend({
    flushMs: z.int().nonnegative().default(100),
    retryMs: z.int().positive().default(30_000),
  }),
);
const pushSchema = once(() => callSchema().extend({ sourceId: z.string().min(1).default("pushed") }));

/** Checks the options of one call. Throws a `ConfigurationError` that lists every issue. */
export function parseSyncOptions(call: string, options: SyncOptions): SyncOptions {
  return parseOptions(call, syncSchema(), options);
}

/** As {@link parseSyncOptions}, with defaults. */
export function parseFollowOptions(
  options: FollowOptions,
): SyncOptions & { readonly flushMs: number; readonly retryMs: number } {
  return parseOptions("follow", followSchema(), options);
}

/** As {@link parseSyncOptions}, with defaults. */
export function parsePushOptions(
  call: string,
  options: PushOptions,
): CallOptions & { readonly sourceId: string } {
  return parseOptions(call, pushSchema(), options);
}

type Defaulted =
  | "manifest"
  | "allowMassDelete"
  | "leaseWaitMs"
  | "leaseMs"
  | "maxBatchBytes"
  | "loadConcurrency"
  | "telemetry";

/** Options of {@link createIndexer} with their defaults. */
export type ParsedIndexerOptions = Omit<IndexerOptions, Defaulted> & {
  readonly [K in Defaulted]: NonNullable<IndexerOptions[K]>;
};

/** Checks options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseIndexerOptions(options: IndexerOptions): ParsedIndexerOptions {
  const parsed = parseOptions("createIndexer", schema(), options);
  const manifest = options.manifest ?? options.store.manifest;
  if (manifest === undefined) {
    const message = "this store has no manifest of its own; pass one, such as new SqliteManifest({ path })";
    throw new ConfigurationError(`createIndexer: manifest: ${message}`, {
      issues: [{ path: "manifest", message }],
    });
  }
  return { ...parsed, index: options.index, manifest };
}
