import type { AliasAdmin } from "./alias-admin.ts";
import type { CallOptions, Closable } from "./call-options.ts";
import type { Collection } from "./collection.ts";
import type { CollectionInfo, CollectionSpec, IdfScope, Metric } from "./collection-spec.ts";
import type { Health } from "./health.ts";
import type { Manifest } from "./manifest.ts";
import type { Metadata } from "./metadata.ts";
import type { SnapshotAdmin } from "./snapshot-admin.ts";

/**
 * The ways in which stores may differ. Everything else is the same for all stores. Every union here may grow:
 * a reader treats a value that it does not know as the weakest value that it knows.
 */
export interface StoreCapabilities {
  /** How durable an acknowledged write is. `none`: it is lost at `close`. `process`: it survives a kill of
   * the process. `power`: it also survives a power cut. */
  readonly durability: "none" | "process" | "power";
  /**
   * The effect of {@link WriteOptions.fence}. `enforced`: the store rejects a write with an older token.
   * `detected`: such a write may succeed, but it changes the source's epoch, so the successor notices it.
   * This requires `epochs`. `none`: the store refuses a fence with an `UnsupportedError`, and two writers of
   * one source can overwrite each other.
   */
  readonly fences: "enforced" | "detected" | "none";
  /** The metrics that a collection may have. `cosine` is always included. */
  readonly metrics: readonly Metric[];
  /** Most dimensions of a dense vector. */
  readonly maxDimensions: number;
  /** False: the store refuses a collection with sparse vectors with an `UnsupportedError`. */
  readonly sparse: boolean;
  /** The scopes within which the store can count terms for IDF. Empty if and only if `sparseStatistics` is
   * `none`. */
  readonly idfScopes: readonly IdfScope[];
  /**
   * How closely term statistics follow writes. `exact`: they count the points that are stored now. `lagging`:
   * deleted and replaced points may still count, both in scores and in {@link Collection.termStatistics}.
   * `none`: the store refuses `idf: "bm25"` and `termStatistics` with an `UnsupportedError`.
   */
  readonly sparseStatistics: "exact" | "lagging" | "none";
  /** `exact`: a search finds the best points. `approximate`: a search may miss some of them. The returned
   * hits have true scores in the right order, and a collection of up to 100 points is searched exactly. */
  readonly search: "exact" | "approximate";
  /** The choice between equal scores at the limit of a search. `id`: the store returns the lowest ids.
   * `none`: it returns any of them. Every store orders equal scores within one result by id. */
  readonly tieBreak: "id" | "none";
  /** False: {@link Collection.epoch} is always undefined. Every run of the indexer then compares the
   * collection with its manifest, and results must not be cached. */
  readonly epochs: boolean;
  /** The optional searches and reads that the store has. It refuses the others with an `UnsupportedError`
   * that names the feature, before it sends anything. @default none */
  readonly features?: readonly StoreFeature[] | undefined;
}

/**
 * An optional part of a store. `dbsf`, `boost`, `mmr`, `effort`, `like` and `discover` belong to
 * {@link SearchQuery}, `orderBy` to {@link ScanOptions}. `groups` and `facet` are methods of {@link Collection}.
 */
export type StoreFeature =
  "dbsf" | "boost" | "mmr" | "effort" | "like" | "discover" | "orderBy" | "groups" | "facet";

/** The result of {@link VectorStore.ensureCollection}. */
export interface EnsuredCollection extends CollectionInfo {
  readonly outcome: "created" | "exists";
}

/** Stores points in collections. */
export interface VectorStore extends Closable {
  /** Returns the store's capabilities. Sends a request if they depend on the server. */
  capabilities(options?: CallOptions): Promise<StoreCapabilities>;
  /** Sends a real request to the store. Resolves with `down` if the store fails. */
  health(options?: CallOptions): Promise<Health>;
  /**
   * Creates the collection, or checks that the existing collection matches the spec. Adds new fields to an
   * existing collection, but never changes a field's type. Rejects with a `ConfigurationError` of code
   * `collection_mismatch` if the collection differs. The error names each difference with the stored and the
   * requested value. Rejects with an `UnsupportedError` if the spec needs a missing capability. If the name
   * is an alias, the target is checked, and the result has the target's name.
   */
  ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection>;
  /** Returns the collection's definition, or undefined if it does not exist. For an alias, the definition has
   * the target's name. */
  describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | undefined>;
  /** Returns all collections, ordered by name. Aliases are not included. */
  listCollections(options?: CallOptions): Promise<readonly CollectionInfo[]>;
  /**
   * Deletes the collection with its points and its aliases. Returns false if it did not exist. Rejects with a
   * `ConfigurationError` of code `is_alias` if the name is an alias.
   */
  deleteCollection(name: string, options?: CallOptions): Promise<boolean>;
  /** Returns a handle without I/O. Its calls reject with code `not_found` if the collection does not exist,
   * and with `tenant_required` or `tenant_forbidden` if the binding does not match the tenancy. Every later
   * call of the same store object sees a resolved write. */
  collection<M extends Metadata = Metadata>(name: string, binding?: TenantBinding): Collection<M>;
  /** The manifest in the same database or server. Undefined if the store has none. */
  readonly manifest?: Manifest | undefined;
  /** Manages second names of collections. Undefined if the store has no aliases. */
  readonly aliases?: AliasAdmin | undefined;
  /** Copies and restores collections. Undefined if the store has no snapshots. */
  readonly snapshots?: SnapshotAdmin | undefined;
}

/** Limits a handle to one tenant. The store copies it, so later changes have no effect. */
export interface TenantBinding {
  /** Not empty. */
  readonly tenant: string;
}
