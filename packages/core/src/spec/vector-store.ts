import type { CallOptions, Closable } from "./call-options.ts";
import type { Collection } from "./collection.ts";
import type { CollectionInfo, CollectionSpec, Metric } from "./collection-spec.ts";
import type { Health } from "./health.ts";
import type { Manifest } from "./manifest.ts";
import type { Metadata } from "./metadata.ts";

/** In what stores may differ. What is not listed here they do alike. */
export interface StoreCapabilities {
  /** What an acknowledged write survives: `none` not even `close`, `process` a kill of the process, `power` a power cut. */
  readonly durability: "none" | "process" | "power";
  /** Whether {@link WriteOptions.fence} is honoured. */
  readonly fencedWrites: boolean;
  readonly metrics: readonly Metric[];
  /** Most dimensions of a dense vector. */
  readonly maxDimensions: number;
}

/** What {@link VectorStore.ensureCollection} found or made. */
export interface EnsuredCollection extends CollectionInfo {
  readonly outcome: "created" | "exists";
}

/** Holds points in collections. It never embeds and never chunks. */
export interface VectorStore extends Closable {
  /** What this store can do, asked of the store where it may vary. */
  capabilities(options?: CallOptions): Promise<StoreCapabilities>;
  /** Really asks the store. Resolves with `down` rather than rejecting. */
  health(options?: CallOptions): Promise<Health>;
  /**
   * Creates the collection or checks that it is what the spec says. A collection that differs is a
   * `ConfigurationError` with code `collection_mismatch` that names each field, what is stored and what was asked.
   * Fields may be added to an existing collection; a field's type cannot change.
   */
  ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection>;
  /** Undefined where there is no such collection. */
  describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | undefined>;
  /** Ordered by name. */
  listCollections(options?: CallOptions): Promise<readonly CollectionInfo[]>;
  /** True if there was one. */
  deleteCollection(name: string, options?: CallOptions): Promise<boolean>;
  /** A handle; no I/O. Its calls reject with code `not_found` where there is no such collection, and with
   * `tenant_required` or `tenant_forbidden` where the binding does not fit its tenancy. */
  collection<M extends Metadata = Metadata>(name: string, binding?: TenantBinding): Collection<M>;
  /** The manifest that lives in the same place, where there is one. */
  readonly manifest?: Manifest | undefined;
}

/** Confines a handle to one tenant. */
export interface TenantBinding {
  /** Not empty. */
  readonly tenant: string;
}
