import { BinnacleError } from "../../errors/binnacle-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Metric } from "../../spec/collection-spec.ts";
import { denseVectorIssue, normalized } from "../../kit/vectors.ts";
import type { PlannedLeg } from "../search/plan-leg.ts";
import type { SearchPlan } from "../search/search-plan.ts";

/** A leg whose seeds are read. */
export type RankableLeg = Exclude<PlannedLeg, { readonly kind: "like" | "discover" }>;

/** Options of {@link resolveSeeds}. */
export interface ResolveSeedsOptions {
  readonly metric: Metric | undefined;
  /** Returns the dense vector of a point that the handle may see. */
  readonly vectorOf: (id: string) => Float32Array | undefined;
}

/**
 * Replaces each like-leg and discover-leg of a plan by a leg with the vectors of its seeds. Throws an error of code
 * `not_found` for a missing seed, and a `ConfigurationError` if the seeds of an average cancel out.
 */
export function resolveSeeds(
  plan: SearchPlan,
  { metric, vectorOf }: ResolveSeedsOptions,
): SearchPlan<RankableLeg> {
  const read = (id: string): Float32Array => {
    const vector = vectorOf(id);
    if (vector) return metric === "cosine" ? normalized(vector) : vector;
    throw new BinnacleError(
      "not_found",
      `search: no point "${id}" to compare with. Use ids that \`get\` finds through the same handle.`,
    );
  };
  const legs = plan.legs.map((leg): RankableLeg => {
    const { limit, minScore } = leg;
    if (leg.kind === "discover") {
      const pairs = leg.pairs.map(({ like, unlike }) => ({ like: read(like), unlike: read(unlike) }));
      const target = leg.target === undefined ? undefined : read(leg.target);
      return { kind: "context", pairs, target, limit, minScore };
    }
    if (leg.kind !== "like") return leg;
    const [like, unlike] = [leg.like.map(read), leg.unlike.map(read)];
    if (leg.strategy === "best") return { kind: "best", like, unlike, limit, minScore };
    return { kind: "dense", dense: average(like, unlike), limit, minScore };
  });
  return { ...plan, legs };
}

function average(like: readonly Float32Array[], unlike: readonly Float32Array[]): Float32Array {
  const toward = mean(like);
  const away = unlike.length > 0 ? mean(unlike) : toward;
  const dense = Float32Array.from(toward, (value, i) => 2 * value - (away[i] ?? 0));
  if (!denseVectorIssue(dense, dense.length)) return dense;
  throw new ConfigurationError(
    'search: the vectors of `like` and `unlike` cancel out, so their average has no direction. Use strategy "best".',
  );
}

function mean(vectors: readonly Float32Array[]): Float64Array {
  const sums = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [i, value] of vector.entries()) sums[i] = (sums[i] ?? 0) + value;
  return sums.map((sum) => sum / vectors.length);
}
