import type { LabelledQuery } from "./labelled-sets.ts";

/** The figures of one ranking of a set, means over its queries. */
export interface RetrievalFigures {
  readonly hitAt1: number;
  /** Right documents among five, by the most that can be. */
  readonly recallAt5: number;
  readonly ndcgAt10: number;
}

/** Computes the figures of rankings of document ids, one for each query. */
export function figuresOf(
  queries: readonly LabelledQuery[],
  rankings: readonly (readonly string[])[],
): RetrievalFigures {
  const mean = (of: (query: LabelledQuery, ranking: readonly string[]) => number): number =>
    queries.reduce((sum, query, i) => sum + of(query, rankings[i] ?? []), 0) / Math.max(1, queries.length);
  return {
    hitAt1: mean(({ grades }, [first = ""]) => (grades.has(first) ? 1 : 0)),
    recallAt5: mean(({ grades }, ranking) => {
      const found = ranking.slice(0, 5).filter((id) => grades.has(id)).length;
      return found / Math.max(1, Math.min(5, grades.size));
    }),
    ndcgAt10: mean(({ grades }, ranking) => {
      const best = gain([...grades.values()].sort((a, c) => c - a).slice(0, 10));
      return best === 0 ? 0 : gain(ranking.slice(0, 10).map((id) => grades.get(id) ?? 0)) / best;
    }),
  };
}

function gain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, i) => sum + grade / Math.log2(i + 2), 0);
}
