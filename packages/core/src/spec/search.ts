import type { StoredChunk } from "./stored-chunk.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";
import type { SparseVector } from "./sparse-encoder.ts";

/** Options of every leg of a search. */
interface LegLimits {
  /** Most hits that this leg contributes to the fusion. @default the larger of 50 and 4 × (limit + offset) */
  readonly limit?: number | undefined;
  /** Drops hits of this leg below this similarity, before fusion. 0 is a threshold too. @default none */
  readonly minScore?: number | undefined;
}

/** Ranks points by their dense vectors. The score is the collection's similarity, and higher is better. */
export interface DenseLeg extends LegLimits {
  readonly dense: Float32Array;
}

/** Ranks points by shared terms. The score sums query weight × stored weight × IDF over the shared terms. It
 * is always above 0. */
export interface SparseLeg extends LegLimits {
  readonly sparse: SparseVector;
}

/** One ranking. This union may grow: a store refuses a leg that it does not know with a
 * `ConfigurationError`. */
export type Leg = DenseLeg | SparseLeg;

/**
 * Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009). A point's score is the sum of
 * `weight / (k + rank)` over the legs. Ranks count from 1.
 */
export interface RrfFusion {
  readonly kind: "rrf";
  /** Rank constant: a larger value flattens the weight of high ranks. @default 60, as in the paper */
  readonly k?: number | undefined;
  /** One weight per leg, 0 or more. @default all 1 */
  readonly weights?: readonly number[] | undefined;
}

/** The rule that turns several legs into one ranking. This union may grow: a store refuses a kind that it
 * does not know with an `UnsupportedError`. */
export type Fusion = RrfFusion;

/** One search in a collection. */
export interface SearchQuery<M extends Metadata = Metadata> {
  /** The rankings. A single leg ranks by its own score; several legs are fused. */
  readonly legs: readonly [Leg, ...Leg[]];
  /** The rule that fuses several legs. @default reciprocal rank fusion */
  readonly fusion?: Fusion | undefined;
  /** Most hits returned, at least 1. */
  readonly limit: number;
  /** Number of hits to skip. @default 0 */
  readonly offset?: number | undefined;
  /** The store applies the filter to every leg before it ranks. @default none */
  readonly filter?: Filter<M> | undefined;
  /** True: each hit holds its rank and score in each leg. @default false */
  readonly explain?: boolean | undefined;
}

/** A point's rank and score in one leg. */
export interface LegScore {
  /** Counted from 1. */
  readonly rank: number;
  /** The leg's own similarity. */
  readonly score: number;
}

/** One point that a search returns. */
export interface Hit<M extends Metadata = Metadata> {
  readonly id: string;
  /** The score of a single leg, or the fused score of several legs. Hits with equal scores are ordered by id.
   * For equal scores at the limit see {@link StoreCapabilities.tieBreak}. */
  readonly score: number;
  /** The point's {@link StoredPoint.version} when it was read. */
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** One entry per leg of the query, undefined if the leg did not find the point. Only with `explain`. */
  readonly legs?: readonly (LegScore | undefined)[] | undefined;
}
