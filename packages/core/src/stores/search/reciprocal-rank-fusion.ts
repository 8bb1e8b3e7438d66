/** The `k` of Cormack, Clarke and Büttcher, SIGIR 2009. */
export const DEFAULT_RRF_K = 60;

/** Options of {@link reciprocalRankFusion}. */
export interface ReciprocalRankOptions<K> {
  /** Rank constant: a larger value flattens the weight of high ranks. @default 60 */
  readonly k?: number | undefined;
  /** One weight per ranking. @default all 1 */
  readonly weights?: readonly number[] | undefined;
  /** Orders keys with equal scores. */
  readonly compare: (a: K, b: K) => number;
}

/** One entry of a ranking. */
export interface Ranked<K> {
  readonly key: K;
  readonly score: number;
}

/** Fuses rankings that are sorted best first and hold no key twice. A key's score is the sum of
 * `weight / (k + rank)`, with ranks from 1. */
export function reciprocalRankFusion<K>(
  rankings: readonly (readonly K[])[],
  options: ReciprocalRankOptions<K>,
): readonly Ranked<K>[] {
  const { k = DEFAULT_RRF_K, weights, compare } = options;
  const scores = new Map<K, number>();
  rankings.forEach((ranking, leg) => {
    const weight = weights?.[leg] ?? 1;
    ranking.forEach((key, i) => scores.set(key, (scores.get(key) ?? 0) + weight / (k + i + 1)));
  });
  const fused = Array.from(scores, ([key, score]) => ({ key, score }));
  return fused.sort((a, b) => b.score - a.score || compare(a.key, b.key));
}
