import type { Ranked } from "../search/reciprocal-rank-fusion.ts";

/** Options of {@link diversify}. */
export interface DiversifyOptions<K> {
  /** From 0 to 1, as in `Mmr`. */
  readonly diversity: number;
  /** Number of hits to choose. */
  readonly count: number;
  /** Returns a hit's dense vector. */
  readonly vectorOf: (key: K) => Float32Array;
}

interface Candidate<K> {
  readonly hit: Ranked<K>;
  readonly vector: Float32Array;
  readonly relevance: number;
  /** Highest cosine to a chosen hit; 0 before the first. */
  similarity: number;
}

/**
 * Chooses hits by maximal marginal relevance, as `Mmr` says. Equal values keep the order of `ranking`.
 */
export function diversify<K>(
  ranking: readonly Ranked<K>[],
  { diversity, count, vectorOf }: DiversifyOptions<K>,
): readonly Ranked<K>[] {
  const relevanceOf = scaled(ranking);
  const waiting = ranking.map((hit): Candidate<K> => ({
    hit,
    vector: unit(vectorOf(hit.key)),
    relevance: relevanceOf(hit.score),
    similarity: 0,
  }));
  const valueOf = ({ relevance, similarity }: Candidate<K>): number =>
    (1 - diversity) * relevance - diversity * similarity;
  const chosen: Ranked<K>[] = [];
  while (chosen.length < count) {
    let [best] = waiting;
    if (!best) break;
    for (const candidate of waiting) if (valueOf(candidate) > valueOf(best)) best = candidate;
    waiting.splice(waiting.indexOf(best), 1);
    chosen.push(best.hit);
    const isFirst = chosen.length === 1;
    for (const each of waiting) {
      const cosine = inner(best.vector, each.vector);
      each.similarity = isFirst ? cosine : Math.max(each.similarity, cosine);
    }
  }
  return chosen;
}

function scaled(ranking: readonly Ranked<unknown>[]): (score: number) => number {
  let [low, high] = [Infinity, -Infinity];
  for (const { score } of ranking) [low, high] = [Math.min(low, score), Math.max(high, score)];
  return (score) => (high > low ? (score - low) / (high - low) : 1);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(inner(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
