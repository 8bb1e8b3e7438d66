import type { Hit, Metadata } from "@binnacle/core";
import { boostScores, diversify, type PlannedBoost } from "@binnacle/core/stores";

/** Most hits from which MMR chooses, because its time grows with their number times the number of hits. */
const MAX_CANDIDATES = 1_000;

/** Options of {@link reorderHits}. */
export interface ReorderOptions {
  readonly boosts: readonly PlannedBoost[];
  /** Undefined: the order by score remains. */
  readonly diversity: number | undefined;
  /** Number of hits that a retrieval returns. */
  readonly limit: number;
  /** Returns the dense vectors of points. A point that was deleted meanwhile has none. */
  readonly vectorsOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, Float32Array>>;
}

/** Applies boosts and diversity to fused hits, by the rules of `Collection.search`. The store cannot do this,
 * because the retriever fuses the legs. */
export async function reorderHits<M extends Metadata>(
  hits: readonly Hit<M>[],
  { boosts, diversity, limit, vectorsOf }: ReorderOptions,
): Promise<readonly Hit<M>[]> {
  if (boosts.length === 0 && diversity === undefined) return hits;
  const byId = new Map(hits.map((hit) => [hit.id, hit]));
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const metadataOf = (id: string): Metadata => byId.get(id)?.metadata ?? {};
  const ranking = hits.map(({ id, score }) => ({ key: id, score }));
  const boosted = boostScores(ranking, { boosts, metadataOf, compare });
  const candidates = boosted.slice(0, Math.min(MAX_CANDIDATES, Math.max(50, 4 * limit)));
  const ordered = diversity === undefined ? boosted : await diverse();
  return ordered.flatMap(({ key, score }) => {
    const hit = byId.get(key);
    return hit === undefined ? [] : [{ ...hit, score }];
  });

  /** Chooses twice the limit, because a hit within another hit makes no passage. The others keep their
   * order. */
  async function diverse(): Promise<typeof boosted> {
    const vectors = await vectorsOf(candidates.map(({ key }) => key));
    const vectorOf = (id: string): Float32Array => vectors.get(id) ?? new Float32Array();
    const chosen = diversify(candidates, { diversity: diversity ?? 0, count: 2 * limit, vectorOf });
    const taken = new Set(chosen.map(({ key }) => key));
    return [...chosen, ...boosted.filter(({ key }) => !taken.has(key))];
  }
}
