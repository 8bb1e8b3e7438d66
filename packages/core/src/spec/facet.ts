import type { CallOptions } from "./call-options.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";

/** A value of a `keyword`, `integer` or `boolean` field. */
export type FacetValue = string | number | boolean;

/** Options of {@link Collection.facet}. */
export interface FacetOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Counts only points that match. @default none */
  readonly filter?: Filter<M> | undefined;
  /** Most values returned, from 1 to 1,000. @default 10 */
  readonly limit?: number | undefined;
}

/** A value of a field, and the number of points that have it. */
export interface FacetCount {
  readonly value: FacetValue;
  /** A point with an array counts once for each of its different values. Highest first; equal counts are
   * ordered by value, strings by code point. */
  readonly count: number;
}
