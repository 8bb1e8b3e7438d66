import type { TermStatistics } from "@binnacle/core";
import type { QueryTerm } from "./query-terms.ts";
import type { QueryVectors } from "./query-vectors.ts";
import type { ParsedRetrieverOptions } from "./retriever-options.ts";

/** The most terms of a query that are weighed. A longer query is a pasted text, whose first terms are enough. */
const MOST_WEIGHED = 64;

/** The statistics of a query's terms, by the numbers of the terms. */
export interface StatisticsOf {
  readonly points: number;
  readonly byTerm: ReadonlyMap<number, TermStatistics["terms"][number]>;
}

/** Returns true if the fusion weighs the legs anew for each query, by the IDFs of the query's terms. */
export function weighsByQuery({ fusion }: ParsedRetrieverOptions): boolean {
  return fusion === undefined || (fusion.kind === "scores" && fusion.weights === undefined);
}

/** Returns the terms whose statistics a retrieval needs: those of the query, and those to trace. */
export function weighedTerms({ sparse }: QueryVectors, traced: readonly QueryTerm[]): Uint32Array {
  const ofQuery = sparse?.indices.slice(0, MOST_WEIGHED) ?? [];
  return Uint32Array.from(new Set([...ofQuery, ...traced.map(({ index }) => index)])).sort();
}

/** Arranges statistics by the numbers of their terms. */
export function statisticsOf(indices: Uint32Array, { points, terms }: TermStatistics): StatisticsOf {
  const byTerm = new Map(terms.map((term, position) => [indices[position] ?? 0, term]));
  return { points, byTerm };
}

/** Returns the sum of the IDFs of the query's terms. Undefined without a sparse vector. */
export function worthOf({ sparse }: QueryVectors, { byTerm }: StatisticsOf): number | undefined {
  if (sparse === undefined || sparse.indices.length === 0) return undefined;
  const weighed = sparse.indices.slice(0, MOST_WEIGHED);
  const sum = weighed.reduce((total, term) => total + (byTerm.get(term)?.idf ?? 0), 0);
  return (sum * sparse.indices.length) / weighed.length;
}
