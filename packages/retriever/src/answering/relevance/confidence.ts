import type { Hit, Retrieval } from "@binnacle/core";
import type { Relevance } from "./assess-relevance.ts";

/** What the confidence is made from, in the order of its weights; the first is 1, for the constant. */
export type ConfidenceSigns = readonly [
  one: 1,
  coverage: number,
  score: number,
  points: number,
  passages: number,
];

/** Fitted by `npm run evaluate`, which prints them, and how what they say compares with what was so. */
export const confidenceWeights: readonly number[] = [-2.46, 3.26, 2.51, -0.44, 0.41];

/**
 * How likely it is that the passages found hold the answer, 0 to 1: a logistic function of the share of the question that
 * one passage covers, of the best lexical score in proportion to the most that the question's terms are worth, and of the
 * number of points and of passages. In hundredths, since it is not surer than that. Undefined where the search had no
 * lexical leg.
 */
export function confidenceOf(retrieval: Retrieval, relevance: Relevance): number | undefined {
  const signs = confidenceSigns(retrieval, relevance);
  return signs === undefined ? undefined : Math.round(100 * logistic(confidenceWeights, signs)) / 100;
}

/** The signs of what was found, as the weights are fitted to them. */
export function confidenceSigns(
  { passages, trace }: Retrieval,
  { coverage }: Relevance,
): ConfidenceSigns | undefined {
  const leg = trace.legs.findIndex(({ kind }) => kind === "lexical");
  const worth = (trace.terms ?? []).reduce((sum, { idf }) => sum + idf, 0);
  if (leg < 0 || coverage === undefined || worth === 0) return undefined;
  const score = Math.max(0, ...passages.flatMap(({ hits }) => hits.map((hit) => scoreIn(hit, leg))));
  return [1, coverage, score / worth, Math.log((trace.points ?? 0) + 1), Math.log(passages.length)];
}

/** The logistic function of the weighted sum. */
export function logistic(by: readonly number[], signs: readonly number[]): number {
  return 1 / (1 + Math.exp(-signs.reduce((sum, sign, i) => sum + sign * (by[i] ?? 0), 0)));
}

function scoreIn({ legs }: Hit, leg: number): number {
  return legs?.[leg]?.score ?? 0;
}
