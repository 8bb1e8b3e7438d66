import type { CallOptions } from "./call-options.ts";
import type { FacetValue } from "./facet.ts";
import type { Metadata } from "./metadata.ts";
import type { Hit } from "./search.ts";

/** Options of {@link Collection.searchGroups}. */
export interface GroupOptions<M extends Metadata = Metadata> extends CallOptions {
  /**
   * A `keyword`, `integer` or `boolean` field. A hit without the field has no group. A hit with an array is
   * in the group of each value.
   */
  readonly by: Extract<keyof M, string>;
  /** Most hits in a group, from 1 to 100. */
  readonly size: number;
  /** Number of best hits that are put into groups, at most 1,000.
   * @default the larger of 50 and 4 × size × (limit + offset), at most 1,000 */
  readonly candidates?: number | undefined;
}

/** The best hits with one value of a field. */
export interface HitGroup<M extends Metadata = Metadata> {
  readonly value: FacetValue;
  /** At least one hit, best first. */
  readonly hits: readonly Hit<M>[];
}
