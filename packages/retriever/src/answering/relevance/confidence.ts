import type { LegTrace, Retrieval } from "@binnacle/core";
import type { Relevance } from "./relevance.ts";

/** The measures from which the confidence is computed. The first is always 1, for the constant. */
export type ConfidenceSigns = readonly [one: 1, ...rest: number[]];

/** The evidence of the lexical and the dense leg. */
export type Evidence = Pick<Relevance, "coverage" | "standing" | "unknownNames">;

/**
 * Weights of the signs, fitted to the development questions of `tests/evaluation`. After the constant the
 * signs are:
 *
 * - `lexical`: coverage, the best score divided by the sum of the terms' IDFs, and the logarithm of the
 *   number of points. Among more points the words occur by chance more often.
 * - `dense`: standing, coverage, and 1 if the question contains an unknown name.
 */
export const confidenceWeights: Readonly<Record<"lexical" | "dense", readonly number[]>> = {
  lexical: [-3.36, 6.15, 4.16, -0.45],
  dense: [-1.35, 1.86, 0.74, -4.51],
};

/** The least confidence if a hit reaches the dense leg's threshold. */
const aboveThreshold = 0.5;

/**
 * Computes the probability that the passages contain the answer, in hundredths from 0.01 to 0.99. It is 0 if
 * no hit reaches the dense leg's threshold and there is no lexical leg. Undefined if the retriever gives no
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

/** Returns the signs of a search with vectors. Undefined without a standing. */
export function denseSigns({ standing, coverage = 0, unknownNames }: Evidence): ConfidenceSigns | undefined {
  return standing === undefined ? undefined : [1, standing, coverage, Math.min(1, unknownNames.length)];
}

/** Returns the signs of a search by words. Undefined without a lexical leg or without terms. */
export function lexicalSigns({ trace }: Retrieval, { coverage }: Evidence): ConfidenceSigns | undefined {
  const leg = trace.legs.find(({ kind }) => kind === "lexical");
  const worth = (trace.terms ?? []).reduce((sum, { idf }) => sum + idf, 0);
  if (leg === undefined || coverage === undefined || worth === 0) return undefined;
  return [1, coverage, (leg.best ?? 0) / worth, Math.log((trace.points ?? 0) + 1)];
}

/** Computes the logistic function of the signs' weighted sum. */
export function logistic(by: readonly number[], signs: readonly number[]): number {
  return 1 / (1 + Math.exp(-signs.reduce((sum, sign, i) => sum + sign * (by[i] ?? 0), 0)));
}

/**
 * Returns true if the dense leg's best hit reaches its threshold. Undefined if the dense leg has no
 * threshold.
 */
function reachesThreshold({ trace }: Retrieval): boolean | undefined {
  const leg: LegTrace | undefined = trace.legs.find(({ kind }) => kind === "dense");
  return leg?.minScore === undefined ? undefined : (leg.best ?? -Infinity) >= leg.minScore;
}

/** Rounds to hundredths, because the confidence is not more exact. The result is never 0 or 1. */
function inHundredths(value: number): number {
  return Math.min(99, Math.max(1, Math.round(value * 100))) / 100;
}
