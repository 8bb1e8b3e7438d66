import type { CallOptions } from "@binnacle/core";
import { resolveSeeds, type RankableLeg, type SearchPlan } from "@binnacle/core/stores";
import { pointsById, type ReadScope } from "./read-points.ts";

/**
 * Reads the seeds of like-legs, in one request if there are any. The seeds are not sent as ids:
 * Qdrant does not say which id is missing, and every store must compute the same average.
 */
export async function readSeeds(
  plans: readonly SearchPlan[],
  scope: ReadScope,
  call: CallOptions,
): Promise<readonly SearchPlan<RankableLeg>[]> {
  const ids = [...new Set(plans.flatMap(({ seeds }) => [...seeds]))];
  const points = ids.length > 0 ? await pointsById(ids, scope, { ...call, includeVectors: true }) : [];
  const vectors = new Map(points.map((point) => [point?.id, point?.dense]));
  const { dense } = scope.collection.spec;
  return plans.map((plan) =>
    resolveSeeds(plan, { metric: dense?.metric, vectorOf: (id) => vectors.get(id) }),
  );
}
