import type { SparseVector } from "@binnacle/core";
import type { MetadataTest } from "../filter/filter-predicate.ts";

/** What every leg of a plan says. */
interface PlannedLimits {
  readonly limit: number;
  /** −Infinity where nothing is cut. */
  readonly minScore: number;
}

/** One ranking, checked against the collection. */
export type PlannedLeg = PlannedLimits &
  (
    | { readonly kind: "dense"; readonly dense: Float32Array }
    | { readonly kind: "sparse"; readonly sparse: SparseVector }
  );

/** A search that was checked against the collection and has its defaults. */
export interface SearchPlan {
  readonly legs: readonly PlannedLeg[];
  readonly k: number;
  readonly weights: readonly number[];
  readonly limit: number;
  readonly offset: number;
  /** Undefined where every point is asked for. */
  readonly test: MetadataTest | undefined;
  readonly explain: boolean;
}
