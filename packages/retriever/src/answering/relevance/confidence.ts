import type { LegTrace, Retrieval } from "@binnacle/core";
import type { Relevance } from "./relevance.ts";

/** The measures that the confidence is made from. The first sign is 1, for the constant. */
export type ConfidenceSigns = readonly [one: 1, ...rest: number[]];

/** The evidence of both legs. */
export type Evidence = Pick<Relevance, "coverage" | "standing" | "unknownNames">;

/**
 * Weights of the signs, fitted to development questions of `tests/evaluation`. `lexical`: coverage, the best score in
 * proportion to the most that the question's terms are worth, and the logarithm of the number of points, because more points
 * have the words by chance. `dense`: standing, coverage, and whether the question names something unknown.
 */
export const confidenceWeights: Readonly<Record<"lexical" | "dense", readonly number[]>> = {
  lexical: [-3.36, 6.15, 4.16, -0.45],
  dense: [-1.35, 1.86, 0.74, -4.51],
};

/** The confidence of a hit that reaches a threshold of the caller's or the embedder's. */
const aboveThreshold = 0.5;

/**
 * How likely it is that the passages found hold the answer, 0 to 1, in hundredths. Undefined if the retriever gives no
 * evidence.
 */
export function confidenceOf(retrieval: Retrieval, evidence: Evidence): number | undefined {
  const dense = denseSigns(evidence);
  if (dense !== undefined) return inHundredths(logistic(confidenceWeights.dense, dense));
  const lexical = lexicalSigns(retrieval, evidence);
  const byWords = lexical && inHundredths(logistic(confidenceWeights.lexical, lexical));
  const reached = reachesThreshold(retrieval);
  if (reached === undefined) return byWords;
  return reached && evidence.unknownNames.length === 0
    ? Math.max(byWords ?? 0, aboveThreshold)
    : (byWords ?? 0);
}

/** The signs of a search with vectors. Undefined without a standing. */
export function denseSigns({ standing, coverage = 0, unknownNames }: Evidence): ConfidenceSigns | undefined {
  return standing === undefined ? undefined : [1, standing, coverage, Math.min(1, unknownNames.length)];
}

/** The signs of a search by words. Undefined without a lexical leg and without terms. */
export function lexicalSigns({ trace }: Retrieval, { coverage }: Evidence): ConfidenceSigns | undefined {
  const leg = trace.legs.find(({ kind }) => kind === "lexical");
  const worth = (trace.terms ?? []).reduce((sum, { idf }) => sum + idf, 0);
  if (leg === undefined || coverage === undefined || worth === 0) return undefined;
  return [1, coverage, (leg.best ?? 0) / worth, Math.log((trace.points ?? 0) + 1)];
}

/** The logistic function of the weighted sum. */
export function logistic(by: readonly number[], signs: readonly number[]): number {
  return 1 / (1 + Math.exp(-signs.reduce((sum, sign, i) => sum + sign * (by[i] ?? 0), 0)));
}

/** Undefined if no dense leg has a threshold. */
function reachesThreshold({ trace }: Retrieval): boolean | undefined {
  const leg: LegTrace | undefined = trace.legs.find(({ kind }) => kind === "dense");
  return leg?.minScore === undefined ? undefined : (leg.best ?? -Infinity) >= leg.minScore;
}

/** The confidence is not surer than a hundredth, and never certain. */
function inHundredths(value: number): number {
  return Math.min(99, Math.max(1, Math.round(value * 100))) / 100;
}
