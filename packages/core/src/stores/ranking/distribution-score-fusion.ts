import type { Ranked } from "../search/reciprocal-rank-fusion.ts";

/**
 * Fuses rankings that hold no key twice, as {@link DbsfFusion} says. `compare` orders keys with equal scores.
 */
export function distributionScoreFusion<K>(
  rankings: readonly (readonly Ranked<K>[])[],
  compare: (a: K, b: K) => number,
): readonly Ranked<K>[] {
  const scores = new Map<K, number>();
  for (const ranking of rankings) {
    const scale = scaleOf(ranking.map(({ score }) => score));
    for (const { key, score } of ranking) scores.set(key, (scores.get(key) ?? 0) + scale(score));
  }
  const fused = Array.from(scores, ([key, score]) => ({ key, score }));
  return fused.sort((a, b) => b.score - a.score || compare(a.key, b.key));
}

function scaleOf(scores: readonly number[]): (score: number) => number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (scores.length - 1));
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  // A single score has the deviation 0 / 0. Stores that round to float32 must not tell equal scores apart.
  if (!(deviation > 1e-6 * largest)) return () => 0.5;
  return (score) => (score - mean) / (6 * deviation) + 0.5;
}
