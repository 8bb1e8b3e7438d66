import type { TermStatistics } from "@binnacle/core";
import { elementAt } from "@binnacle/core/kit";

/** Term statistics in typed arrays, because objects cost more to send to another thread. */
export interface PackedStatistics {
  readonly points: number;
  readonly idf: Float64Array;
  readonly containing: Uint32Array;
}

/** Packs the statistics of the embedded index, which counts the points of each term. */
export function packStatistics({ points, terms }: TermStatistics): PackedStatistics {
  return {
    points,
    idf: Float64Array.from(terms, ({ idf }) => idf),
    containing: Uint32Array.from(terms, ({ containing = 0 }) => containing),
  };
}

/** Returns the terms of packed statistics. */
export function unpackTerms({ idf, containing }: PackedStatistics): TermStatistics["terms"] {
  return Array.from(idf, (each, i) => ({ idf: each, containing: elementAt(containing, i) }));
}
