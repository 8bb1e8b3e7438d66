import type { StoredChunk } from "./stored-chunk.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";
import type { SparseVector } from "./sparse-encoder.ts";

/** The limits that every leg of a search has. */
interface LegLimits {
  /** Hits this leg contributes to the fusion. @default the larger of 50 and 4 × (limit + offset) */
  readonly limit?: number | undefined;
  /** Drops this leg's hits below this similarity, before fusion; 0 is a threshold like any other. */
  readonly minScore?: number | undefined;
}

/** Nearest by dense vector; the score is the collection's similarity, higher is better. */
export interface DenseLeg extends LegLimits {
  readonly dense: Float32Array;
}

/** Best by shared terms; the score is the sum over shared terms of query weight × stored weight × IDF, always above 0. */
export interface SparseLeg extends LegLimits {
  readonly sparse: SparseVector;
}

/** One ranking. This union can grow; a store refuses a leg that it does not know with a `ConfigurationError`. */
export type Leg = DenseLeg | SparseLeg;

/**
 * Reciprocal rank fusion: a point's score is the sum over legs of `weight / (k + rank)`, ranks counted from 1
 * (Cormack, Clarke, Büttcher, SIGIR 2009).
 */
export interface RrfFusion {
  readonly kind: "rrf";
  /** @default 60, as in the paper */
  readonly k?: number | undefined;
  /** One per leg, not negative. @default all 1 */
  readonly weights?: readonly number[] | undefined;
}

/** How several legs become one ranking, by `kind`. This union can grow; a store refuses a kind that it does not know with
 * an `UnsupportedError`. */
export type Fusion = RrfFusion;

/** One question to a collection. */
export interface SearchQuery<M extends Metadata = Metadata> {
  /** One leg ranks by its own score; several legs are fused. */
  readonly legs: readonly [Leg, ...Leg[]];
  /** How several legs become one ranking. @default reciprocal rank fusion */
  readonly fusion?: Fusion | undefined;
  /** Most hits returned, at least 1. */
  readonly limit: number;
  /** Hits skipped first. @default 0 */
  readonly offset?: number | undefined;
  /** Applied in the store to every leg before ranking. */
  readonly filter?: Filter<M> | undefined;
  /** True: each hit has its rank and score in each leg. @default false */
  readonly explain?: boolean | undefined;
}

/** A point's place in one leg. */
export interface LegScore {
  /** From 1. */
  readonly rank: number;
  /** The leg's own similarity. */
  readonly score: number;
}

/** One point found. */
export interface Hit<M extends Metadata = Metadata> {
  readonly id: string;
  /** The leg's score, or the fused score of several legs. Hits with equal scores are ordered by id; for equal scores at
   * the cut see {@link StoreCapabilities.tieBreak}. */
  readonly score: number;
  /** The point's version when it was read. */
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** With `explain`: one entry per leg of the query, undefined if the leg did not find the point. */
  readonly legs?: readonly (LegScore | undefined)[] | undefined;
}
