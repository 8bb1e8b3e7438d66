import type { Ranked } from "@binnacle/core/stores";

/** The hits that show how much the best hit of a leg stands out. */
const SAMPLE = 50;
/** The most that a document can score by its words is near this multiple of the terms' IDFs. */
const FULL_SCORE = 1.6;
// The next three constants are fitted to four sets of `docs/evaluation.md` and checked on others.
/** Exponent of the ratio of the two legs' peaks. */
const PEAK_POWER = 2.5;
/** Exponent of the odds that the query's words do not explain the best lexical hit. */
const WORDS_POWER = 0.5;
/** The odds of dense against lexical between equal legs. A model may not know the language of the texts. */
const DENSE_ODDS = 0.5;
/** A share of 0 or 1 would leave one leg out. */
const LEAST_SHARE = 0.02;

/** A leg that has no weight of its own gets half of the total. */
export const evenWeight = 0.5;

/** Returns a leg's best hits with their scores, best first. */
type Ranking = readonly Ranked<string>[];

/**
 * Returns the weights of the dense and the lexical leg for one query. A leg counts more if its best hit stands
 * out from its other hits. The lexical leg counts more if its best hit has most of what the query's words are
 * worth. `worth` is the sum of their IDFs, undefined if the store does not know it.
 */
export function queryWeights(
  dense: Ranking,
  lexical: Ranking,
  worth: number | undefined,
): readonly [dense: number, lexical: number] {
  const [toDense, toLexical] = [peakOf(dense), peakOf(lexical)];
  if (toLexical === 0) return [1, 0];
  if (toDense === 0) return [0, 1];
  const share = worth === undefined || worth <= 0 ? 0.5 : (lexical[0]?.score ?? 0) / (FULL_SCORE * worth);
  const explained = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share));
  const unexplained = (1 - explained) / explained;
  const odds = DENSE_ODDS * (toDense / toLexical) ** PEAK_POWER * unexplained ** WORDS_POWER;
  return [odds / (1 + odds), 1 / (1 + odds)];
}

/**
 * Sums the legs' scores, each scaled so that the best hit of a leg has 1 and the last has 0, times the leg's
 * weight. `compare` orders keys with equal scores.
 */
export function fuseByScores(
  rankings: readonly Ranking[],
  weights: readonly number[],
  compare: (a: string, b: string) => number,
): Ranking {
  const scores = new Map<string, number>();
  rankings.forEach((ranking, leg) => {
    const [high = 0, low = 0] = [ranking[0]?.score, ranking.at(-1)?.score];
    for (const { key, score } of ranking) {
      const scaled = high > low ? (score - low) / (high - low) : evenWeight;
      scores.set(key, (scores.get(key) ?? 0) + (weights[leg] ?? 0) * scaled);
    }
  });
  const fused = Array.from(scores, ([key, score]) => ({ key, score }));
  return fused.sort((a, b) => b.score - a.score || compare(a.key, b.key));
}

/** Returns the distance of the best score from the mean, in standard deviations. 0 for no hits. */
function peakOf(ranking: Ranking): number {
  const scores = ranking.slice(0, SAMPLE).map(({ score }) => score);
  const [best = 0] = scores;
  if (scores.length < 3) return Math.min(1, scores.length);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (scores.length - 1));
  return deviation > 0 ? (best - mean) / deviation : 1;
}
