/** Number, mean and variance of a sample. */
export interface SampleMoments {
  readonly count: number;
  readonly mean: number;
  /** Unbiased variance. */
  readonly variance: number;
}

/** The comparison of two means. */
export interface MeanDifference {
  readonly difference: number;
  /** 95 % confidence interval of the difference. */
  readonly interval: readonly [low: number, high: number];
  /** Probability of a difference at least as large if both means were equal. Two-sided. */
  readonly pValue: number;
}

/**
 * Welch's t-test (Biometrika 34, 1947) of `b` against `a`. Undefined if a sample has fewer than two values, or
 * if neither sample varies.
 */
export function welchTest(a: SampleMoments, b: SampleMoments): MeanDifference | undefined {
  if (a.count < 2 || b.count < 2) return undefined;
  const [x, y] = [a.variance / a.count, b.variance / b.count];
  if (x + y === 0) return undefined;
  const degrees = (x + y) ** 2 / (x ** 2 / (a.count - 1) + y ** 2 / (b.count - 1));
  const difference = b.mean - a.mean;
  const error = Math.sqrt(x + y);
  const margin = criticalValue(0.05, degrees) * error;
  return {
    difference,
    interval: [difference - margin, difference + margin],
    pValue: twoSided(Math.abs(difference) / error, degrees),
  };
}

/** Probability that |t| is at least this large. */
function twoSided(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t that |t| reaches with this probability, by bisection. */
function criticalValue(probability: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (twoSided(high, degrees) > probability) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (twoSided(middle, degrees) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/** The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean of the distribution.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  let [c, d] = [1, 1 / nonZero(1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-12) break;
  }
  return front * fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series (DLMF 5.11.1) after the argument was raised to at least 15. */
function logGamma(value: number): number {
  let [x, shift] = [value, 0];
  for (; x < 15; x++) shift += Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
