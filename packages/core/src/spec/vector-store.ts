import type { CallOptions, Closable } from "./call-options.ts";
import type { Collection } from "./collection.ts";
import type { CollectionInfo, CollectionSpec, IdfScope, Metric } from "./collection-spec.ts";
import type { Health } from "./health.ts";
import type { Manifest } from "./manifest.ts";
import type { Metadata } from "./metadata.ts";

/**
 * The ways in which stores may differ. Everything else is the same for all stores. Every union here can grow; a reader
 * that meets a value it does not know assumes the weakest value that it does know.
 */
export interface StoreCapabilities {
  /** How much an acknowledged write survives. `none`: not even `close`. `process`: a kill of the process. `power`: a power
   * cut too. */
  readonly durability: "none" | "process" | "power";
  /**
   * The effect of {@link WriteOptions.fence}. `enforced`: the store rejects a write with an older token. `detected`: such a
   * write may pass, but changes the source's epoch, so that the successor notices; this requires `epochs`. `none`: the
   * store refuses a fence with an `UnsupportedError`, and two writers of one source can overwrite each other.
   */
  readonly fences: "enforced" | "detected" | "none";
  /** The metrics that a collection may have; `cosine` is always among them. */
  readonly metrics: readonly Metric[];
  /** Most dimensions of a dense vector. */
  readonly maxDimensions: number;
  /** False: a collection with sparse vectors is refused with an `UnsupportedError`, so there is no lexical leg. */
  readonly sparse: boolean;
  /** The scopes within which the store can count terms for IDF. Empty if and only if `sparseStatistics` is `none`. */
  readonly idfScopes: readonly IdfScope[];
  /**
   * How well term statistics follow writes. `exact`: every call counts what is stored now. `lagging`: points that were
   * deleted or replaced may still count, for scores and for {@link Collection.termStatistics} alike. `none`: the store
   * refuses `idf: "bm25"` and `termStatistics` with an `UnsupportedError`.
   */
  readonly sparseStatistics: "exact" | "lagging" | "none";
  /** `approximate`: a search may miss some of the best points. The hits it returns have their true scores in the right
   * order, and a collection of up to 100 points is searched exactly. */
  readonly search: "exact" | "approximate";
  /** `id`: if the last hit that fits has the same score as hits that do not fit, the lowest ids are returned. `none`:
   * any of them are returned. Equal scores within one answer are ordered by id in every store. */
  readonly tieBreak: "id" | "none";
  /** False: {@link Collection.epoch} is always undefined. Every run then compares the collection with its record, and
   * results must not be cached. */
  readonly epochs: boolean;
}

/** The result of {@link VectorStore.ensureCollection}. */
export interface EnsuredCollection extends CollectionInfo {
  readonly outcome: "created" | "exists";
}

/** Holds points in collections. It never embeds and never chunks. */
export interface VectorStore extends Closable {
  /** The capabilities of this store. Asks the server if they depend on it. */
  capabilities(options?: CallOptions): Promise<StoreCapabilities>;
  /** Really asks the store. Resolves with `down` rather than rejecting. */
  health(options?: CallOptions): Promise<Health>;
  /**
   * Creates the collection, or checks that the existing one matches the spec. A collection that differs is a
   * `ConfigurationError` with code `collection_mismatch` that names each field, what is stored and what was asked.
   * A spec that needs a missing capability is an `UnsupportedError`. Fields may be added to an existing collection; a
   * field's type cannot change.
   */
  ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection>;
  /** Undefined if there is no such collection. */
  describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | undefined>;
  /** Ordered by name. */
  listCollections(options?: CallOptions): Promise<readonly CollectionInfo[]>;
  /** True if there was such a collection. */
  deleteCollection(name: string, options?: CallOptions): Promise<boolean>;
  /** A handle; no I/O. Its calls reject with code `not_found` if there is no such collection, and with
   * `tenant_required` or `tenant_forbidden` if the binding does not fit its tenancy. A resolved write is seen by every
   * later call of the same store object. */
  collection<M extends Metadata = Metadata>(name: string, binding?: TenantBinding): Collection<M>;
  /** The manifest in the same place. Undefined if the store cannot keep one. */
  readonly manifest?: Manifest | undefined;
}

/** Confines a handle to one tenant. */
export interface TenantBinding {
  /** Not empty. */
  readonly tenant: string;
}
