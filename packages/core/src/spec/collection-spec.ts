import type { MetadataFields } from "./metadata.ts";

/** How two dense vectors compare. Every similarity is "higher is better". This union can grow; a store that does not know
 * a metric refuses it with an `UnsupportedError`. */
export type Metric =
  /** Cosine of the angle, −1 to 1. */
  | "cosine"
  /** Inner product. */
  | "dot"
  /** Minus the Euclidean distance: 0 is identical, everything else is below. */
  | "euclid";

/** The dense vectors a collection takes. */
export interface DenseSpec {
  /** {@link VectorSpace.id}: vectors of another space are refused. */
  readonly spaceId: string;
  readonly dimensions: number;
  /** @default "cosine" */
  readonly metric?: Metric | undefined;
}

/**
 * Which points the IDF of a term is counted over: those of the handle's tenant, or those of the whole collection, whose
 * scores then depend on other tenants' words. This union can grow; a store refuses a scope that is not among its
 * `idfScopes` with an `UnsupportedError`.
 */
export type IdfScope = "tenant" | "collection";

/** The sparse vectors a collection takes. */
export interface SparseSpec {
  /** {@link SparseEncoder.id}: vectors of another encoder are refused. */
  readonly encoderId: string;
  /**
   * `bm25`: the store multiplies each shared term by `ln(1 + (N − n + 0.5) / (n + 0.5))`. N counts the points with a
   * sparse vector, n those of them with the term, both within `idfScope` and before any filter.
   * `none`: plain inner product. @default "bm25"
   */
  readonly idf?: "bm25" | "none" | undefined;
  /** The two scopes are the same in a collection without tenants, so every store accepts both there. @default "tenant" */
  readonly idfScope?: IdfScope | undefined;
}

/** Describes a collection to create or to check. At least one of `dense` and `sparse`. */
export interface CollectionSpec {
  /** Matches `^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`. */
  readonly name: string;
  readonly dense?: DenseSpec | undefined;
  readonly sparse?: SparseSpec | undefined;
  /** The metadata fields that filters may name. @default none */
  readonly fields?: MetadataFields | undefined;
  /** `required`: only handles bound to a tenant may be used. `none`: only unbound ones. @default "none" */
  readonly tenancy?: "none" | "required" | undefined;
}

/** Describes an existing collection. */
export interface CollectionInfo extends CollectionSpec {
  /** A UUID that is new when the collection is created, and when the SDK restores it from a snapshot. A record of another
   * incarnation speaks of points that are gone. A restore by other means shows in {@link Collection.epoch} instead. */
  readonly incarnation: string;
}
