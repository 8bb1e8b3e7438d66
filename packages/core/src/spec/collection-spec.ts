import type { MetadataFields } from "./metadata.ts";

/** The similarity of two dense vectors. Higher is better for every metric. This union may grow: a store
 * refuses a metric that it does not know with an `UnsupportedError`. */
export type Metric =
  /** Cosine of the angle, from −1 to 1. */
  | "cosine"
  /** Inner product. */
  | "dot"
  /** Negated Euclidean distance. Identical vectors have 0, all others less. */
  | "euclid";

/** The dense vectors of a collection. */
export interface DenseSpec {
  /** {@link VectorSpace.id} of the vectors. Vectors of another space are refused. */
  readonly spaceId: string;
  readonly dimensions: number;
  /** Measure of similarity of dense vectors. @default "cosine" */
  readonly metric?: Metric | undefined;
}

/**
 * The points over which the IDF of a term is counted. `tenant`: the points of the handle's tenant.
 * `collection`: all points of the collection, so that scores depend on other tenants' words. This union may
 * grow: a store refuses a scope outside of its `idfScopes` with an `UnsupportedError`.
 */
export type IdfScope = "tenant" | "collection";

/** The sparse vectors of a collection. */
export interface SparseSpec {
  /** {@link SparseEncoder.id} of the vectors. Vectors of another encoder are refused. */
  readonly encoderId: string;
  /**
   * `bm25`: the store multiplies each shared term by `ln(1 + (N − n + 0.5) / (n + 0.5))`. N is the number of
   * points with a sparse vector, and n is the number of points with the term. Both are counted within
   * `idfScope` and before any filter. `none`: the score is the plain inner product. @default "bm25"
   */
  readonly idf?: "bm25" | "none" | undefined;
  /** Scope of the IDF. Both scopes are the same without tenants, so every store accepts both there. @default
   * "tenant" */
  readonly idfScope?: IdfScope | undefined;
}

/** The definition of a collection. It needs `dense`, `sparse` or both. */
export interface CollectionSpec {
  /** Must match `^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`. */
  readonly name: string;
  readonly dense?: DenseSpec | undefined;
  readonly sparse?: SparseSpec | undefined;
  /** The metadata fields that filters may name. @default none */
  readonly fields?: MetadataFields | undefined;
  /** `required`: every handle must be bound to a tenant. `none`: no handle may be bound to one. @default
   * "none" */
  readonly tenancy?: "none" | "required" | undefined;
}

/** The definition of an existing collection, and its incarnation. */
export interface CollectionInfo extends CollectionSpec {
  /** A UUID that is new after the collection is created, and after the SDK restores it from a snapshot. A
   * manifest of another incarnation describes points that are gone. A restore by other means changes
   * {@link Collection.epoch} instead. */
  readonly incarnation: string;
}
