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
  /**
   * The work that an approximate store spends. `exact`: it compares every point. `ef`: the number of
   * candidates that it keeps, at least 1. A store with {@link StoreCapabilities.search} `exact` always gives
   * the exact result. @default the store's own
   */
  readonly effort?: "exact" | { readonly ef: number } | undefined;
}

/** Ranks points by shared terms. The score sums query weight × stored weight × IDF over the shared terms. It
 * is always above 0. */
export interface SparseLeg extends LegLimits {
  readonly sparse: SparseVector;
}

/**
 * Ranks points by their likeness to stored points, the seeds, in the dense space. The search returns none of
 * the seeds. It rejects with code `not_found` if the handle has no point with the id of a seed.
 */
export interface LikeLeg extends LegLimits {
  /** Ids of the points that hits should resemble, from 1 to 64. */
  readonly like: readonly string[];
  /** Ids of the points that hits should differ from, at most 64. @default none */
  readonly unlike?: readonly string[] | undefined;
  /**
   * `average`: ranks by the mean vector m of `like`, or by 2m − n if `unlike` has the mean n. The metric
   * `cosine` averages directions. `best`: compares each point with every seed. Let a be its highest
   * similarity to `like`, and b that to `unlike`. The score is s(a) if a is above b, and −s(b) otherwise,
   * with s(x) = (1 + x / (1 + |x|)) / 2. The similarity is the negated square of the distance for `euclid`.
   * @default "average"
   */
  readonly strategy?: "average" | "best" | undefined;
}

/** Two stored points that divide the dense space. */
export interface ContextPair {
  /** Id of the point that hits should be closer to. */
  readonly like: string;
  /** Id of the point that hits should be further from. */
  readonly unlike: string;
}

/**
 * Ranks points by the side of each context pair on which they lie. The search returns none of the seeds, which
 * are all named points. It rejects with code `not_found` if the handle has no point with the id of a seed.
 *
 * Let d be a point's similarity to `like` less that to `unlike`. Without `target`, each pair adds m / (1 + |m|)
 * with m = min(d, 0), so that 0 is the best score. With `target`, each pair adds the sign of d: 1, 0 or −1. The
 * similarity x to the target then adds (1 + x / (1 + |x|)) / 2. The similarity is the negated square of the
 * distance for `euclid`.
 */
export interface DiscoverLeg extends LegLimits {
  /** From 1 to 32 pairs. */
  readonly discover: readonly ContextPair[];
  /** Id of the point that hits should resemble within the best region. @default none */
  readonly target?: string | undefined;
}

/** One ranking. This union may grow: a store refuses a leg that it does not know with a
 * `ConfigurationError`. */
export type Leg = DenseLeg | SparseLeg | LikeLeg | DiscoverLeg;

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

/**
 * Distribution-based score fusion. Each leg's scores are scaled so that their mean less three sample standard
 * deviations is 0, and their mean plus three is 1. Equal scores are 0.5. A point's score is the sum over the
 * legs that found it.
 */
export interface DbsfFusion {
  readonly kind: "dbsf";
}

/** The rule that turns several legs into one ranking. This union may grow: a store refuses a kind that it
 * does not know with an `UnsupportedError`. */
export type Fusion = RrfFusion | DbsfFusion;

/** Adds to the score of each hit that matches a filter. */
export interface FilterBoost<M extends Metadata = Metadata> {
  readonly when: Filter<M>;
  /** May be negative. The score of RRF is below 0.02 for each leg, so a useful boost is small too. */
  readonly add: number;
}

/** Adds to the score of each hit by the distance of a field from a target. A hit without the field gets
 * nothing. The closest element of an array counts. */
export interface DecayBoost {
  /** An `integer`, `float` or `datetime` field. */
  readonly field: string;
  readonly decay: {
    /** The value that gets all of `add`. A string for a `datetime` field. */
    readonly target: number | string;
    /** The distance that gets half of `add`, twice the distance a quarter, and so on. Above 0, in the unit of
     * the field, and in milliseconds for a `datetime` field. */
    readonly halfAt: number;
    /** May be negative. */
    readonly add: number;
  };
}

/** One change to the scores of hits. */
export type Boost<M extends Metadata = Metadata> = FilterBoost<M> | DecayBoost;

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998). Chooses hit after hit, each by `(1 −
 * diversity) × relevance − diversity × similarity`. Relevance is the score, scaled so that the candidates
 * have values from 0 to 1. Similarity is the highest cosine to a chosen hit. Hits keep their scores, so they
 * are no longer in the order of scores.
 */
export interface Mmr {
  /** From 0, only relevance, to 1, only difference from the hits before. */
  readonly diversity: number;
  /** Number of hits from which it chooses, at least limit + offset, and at most 1,000.
   * @default the larger of 50 and 4 × (limit + offset) */
  readonly candidates?: number | undefined;
}

/** One search in a collection. */
export interface SearchQuery<M extends Metadata = Metadata> {
  /** The rankings. A single leg ranks by its own score; several legs are fused. */
  readonly legs: readonly [Leg, ...Leg[]];
  /** The rule that fuses several legs. @default reciprocal rank fusion */
  readonly fusion?: Fusion | undefined;
  /** Changes to the scores of the hits that the legs found, after fusion. At most 32. @default none */
  readonly boost?: readonly Boost<M>[] | undefined;
  /** Orders the hits after fusion and boosts, so that they differ from each other. Requires dense vectors.
   * @default none */
  readonly mmr?: Mmr | undefined;
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
  /**
   * The score of a single leg, or the fused score of several legs, with all boosts. Hits with equal scores
   * are ordered by id. For equal scores at the limit see {@link StoreCapabilities.tieBreak}.
   */
  readonly score: number;
  /** The point's {@link StoredPoint.version} when it was read. */
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** One entry per leg of the query, undefined if the leg did not find the point. Only with `explain`. */
  readonly legs?: readonly (LegScore | undefined)[] | undefined;
}
