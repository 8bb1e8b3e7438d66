import { welchTest, type MeanDifference, type SampleMoments } from "./welch-test.ts";

/** The outcomes of one user. */
export interface UserOutcomes {
  readonly variant: string;
  readonly count: number;
  readonly sum: number;
}

/** The outcomes of one variant. */
export interface VariantResult {
  readonly variant: string;
  /** Users that have the variant. */
  readonly assigned: number;
  /** Users with at least one outcome. */
  readonly users: number;
  /** Mean over these users of each user's mean outcome. 0 without users. */
  readonly mean: number;
  /** Comparison with the control. Undefined for the control, and as long as there are too few users. */
  readonly effect?: MeanDifference | undefined;
  /** True if the effect is significant at 5 %, corrected for the number of comparisons (Bonferroni). */
  readonly isSignificant: boolean;
}

/** The state of an experiment. */
export interface ExperimentResult {
  /** In the order of the definition, so the control comes first. */
  readonly variants: readonly VariantResult[];
  /** The variant with the highest mean whose effect is significant and above 0. Undefined as long as no variant is better. */
  readonly winner?: string | undefined;
}

const level = 0.05;

/** Compares the variants. Variants that are no longer defined are left out. */
export function experimentResult(
  names: readonly string[],
  outcomes: readonly UserOutcomes[],
): ExperimentResult {
  const groups = Map.groupBy(outcomes, ({ variant }) => variant);
  const moments = names.map((name) => momentsOf(groups.get(name) ?? []));
  const [control] = moments;
  const variants = names.map((variant, at) => {
    const own = moments[at] ?? momentsOf([]);
    const effect = at === 0 || control === undefined ? undefined : welchTest(control, own);
    return {
      variant,
      assigned: groups.get(variant)?.length ?? 0,
      users: own.count,
      mean: own.mean,
      effect,
      isSignificant: effect !== undefined && effect.pValue < level / (names.length - 1),
    };
  });
  const better = variants.filter(
    ({ effect, isSignificant }) => isSignificant && (effect?.difference ?? 0) > 0,
  );
  const [best] = better.toSorted((a, b) => b.mean - a.mean);
  return { variants, winner: best?.variant };
}

function momentsOf(outcomes: readonly UserOutcomes[]): SampleMoments {
  const means = outcomes.filter(({ count }) => count > 0).map(({ sum, count }) => sum / count);
  const count = means.length;
  const mean = count === 0 ? 0 : means.reduce((sum, value) => sum + value, 0) / count;
  const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const variance = count < 2 ? 0 : squares / (count - 1);
  // Equal outcomes may differ from their mean by a rounding error.
  const noise = (1e-12 * Math.max(Math.abs(mean), 1)) ** 2;
  return { count, mean, variance: variance <= noise ? 0 : variance };
}
