import type { Passage, Retrieval, TermTrace } from "@binnacle/core";

/** Options of {@link assessRelevance}. */
export interface RelevanceOptions {
  /** Least coverage that makes a question answerable, 0 to 1. @default 0.6 */
  readonly minCoverage?: number | undefined;
}

/** Whether what was found is about the question. A measure, not a probability. */
export interface Relevance {
  readonly relevant: boolean;
  /** What decided. */
  readonly reason: "nothing-found" | "coverage" | "similarity" | "not-measured";
  /** The largest share, by IDF, of the question's terms that one passage has, 0 to 1; undefined without terms. */
  readonly coverage?: number | undefined;
  /** Position of the passage with that coverage. */
  readonly bestPassage?: number | undefined;
}

export const defaultMinCoverage = 0.6;

export function assessRelevance(retrieval: Retrieval, options: RelevanceOptions = {}): Relevance {
  const { passages, trace } = retrieval;
  if (passages.length === 0) return { relevant: false, reason: "nothing-found" };
  const best = bestCoverage(passages, trace.terms ?? []);
  return {
    relevant: (best?.coverage ?? 1) >= (options.minCoverage ?? defaultMinCoverage),
    reason: "coverage",
    ...best,
  };
}

export function bestCoverage(
  passages: readonly Passage[],
  terms: readonly TermTrace[],
): { readonly coverage: number; readonly bestPassage: number } | undefined {
  const total = terms.reduce((sum, { idf }) => sum + idf, 0);
  if (total === 0) return undefined;
  let found = { coverage: 0, bestPassage: 0 };
  for (const bestPassage of passages.keys()) {
    const covered = terms.filter((term) => hasTerm(term, bestPassage));
    const coverage = covered.reduce((sum, { idf }) => sum + idf, 0) / total;
    if (coverage > found.coverage) found = { coverage, bestPassage };
  }
  return found;
}

/** Whether a passage has a term, in its text or above it. */
export function hasTerm(term: TermTrace, passage: number): boolean {
  return term.headings.includes(passage) || term.matches.some((match) => match.passage === passage);
}
