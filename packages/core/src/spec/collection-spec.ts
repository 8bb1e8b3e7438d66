import type { MetadataFields } from "./metadata.ts";

/** How two dense vectors compare. Every similarity is "higher is better". */
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

/** The sparse vectors a collection takes. */
export interface SparseSpec {
  /** {@link SparseEncoder.id}: vectors of another encoder are refused. */
  readonly encoderId: string;
  /**
   * `bm25`: the store multiplies each shared term by `ln(1 + (N − n + 0.5) / (n + 0.5))`, N being the points with a
   * sparse vector and n those with the term, both counted within the tenant and before any filter.
   * `none`: plain inner product. @default "bm25"
   */
  readonly idf?: "bm25" | "none" | undefined;
}

/** What a collection must be. At least one of `dense` and `sparse`. */
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

/** What a collection is. */
export interface CollectionInfo extends CollectionSpec {
  /** A UUID that is new whenever the collection is created or restored: whoever remembers another one remembers
   * points that are gone. */
  readonly incarnation: string;
}
