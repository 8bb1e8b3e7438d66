import type { Asked } from "./ask.ts";
import { assessRelevance } from "../../packages/retriever/src/answering/relevance/assess-relevance.ts";
import { confidenceSigns, logistic } from "../../packages/retriever/src/answering/relevance/confidence.ts";

/** How many passages an answerer may look at: the number is one of the signs. */
const limits = [1, 2, 4, 8];
const folds = 10;
/** Keeps the weights small where the questions do not decide; the constant is free. */
const ridge: number = 0.5;

/** One answered question, what was seen of it, and whether a page that answers was among the passages. */
export interface Judged {
  readonly question: string;
  readonly signs: readonly number[];
  readonly isRight: boolean;
}

/** A share of the questions, those that were thought alike: what was said of them on average, and what was so. */
export interface Bin {
  readonly count: number;
  readonly said: number;
  readonly so: number;
}

/** How well a confidence tells. */
export interface Calibration {
  readonly bins: readonly Bin[];
  /** Mean distance between said and so. */
  readonly error: number;
  /** Mean squared error; `baseBrier` is that of always saying how often it is so. */
  readonly brier: number;
  readonly baseBrier: number;
  /** How often a right one is given more than a wrong one. */
  readonly auc: number;
}

/** Each question that is not refused, with the first 1, 2, 4 and 8 passages. */
export function judge(asked: readonly Asked[]): readonly Judged[] {
  return limits.flatMap((limit) =>
    asked.flatMap(({ question, rank = Infinity, answer }): readonly Judged[] => {
      const { retrieval } = answer.trace;
      const first = { ...retrieval, passages: retrieval.passages.slice(0, limit) };
      const relevance = assessRelevance(first);
      const signs = confidenceSigns(first, relevance);
      if (!relevance.relevant || signs === undefined) return [];
      return [{ question, signs, isRight: rank <= limit }];
    }),
  );
}

/** The weights of a logistic regression, by Newton's method. */
export function fitWeights(judged: readonly Judged[]): readonly number[] {
  const size = judged[0]?.signs.length ?? 0;
  let weights: readonly number[] = Array.from({ length: size }, () => 0);
  for (let step = 0; step < 30; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : ridge * weight));
    const curvature = weights.map((_, i) => weights.map((__, j) => (i === j && i > 0 ? ridge : 0)));
    for (const { signs, isRight } of judged) {
      const said = logistic(weights, signs);
      for (const [i, sign] of signs.entries()) {
        gradient[i] = (gradient[i] ?? 0) + (said - Number(isRight)) * sign;
        const row = curvature[i] ?? [];
        for (const [j, other] of signs.entries()) row[j] = (row[j] ?? 0) + said * (1 - said) * sign * other;
      }
    }
    const move = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight - (move[i] ?? 0));
  }
  return weights;
}

/** What is said of each question by weights that were fitted without it, and without it over another collection. */
export function crossFitted(judged: readonly Judged[]): readonly (readonly [said: number, so: boolean])[] {
  const questions = [...new Set(judged.map(({ question }) => question))];
  const foldOf = new Map(questions.map((question, index) => [question, index % folds]));
  return Array.from({ length: folds }, (_, fold) => {
    const weights = fitWeights(judged.filter(({ question }) => foldOf.get(question) !== fold));
    return judged
      .filter(({ question }) => foldOf.get(question) === fold)
      .map(({ signs, isRight }) => [logistic(weights, signs), isRight] as const);
  }).flat();
}

/** Compares what was said with what was so, in fifths. */
export function calibrationOf(outcomes: readonly (readonly [said: number, so: boolean])[]): Calibration {
  const sorted = outcomes.toSorted(([a], [b]) => a - b);
  const bins = Array.from({ length: 5 }, (_, i): Bin => {
    const bin = sorted.slice((i * sorted.length) / 5, ((i + 1) * sorted.length) / 5);
    return {
      count: bin.length,
      said: mean(bin.map(([said]) => said)),
      so: mean(bin.map(([, so]) => Number(so))),
    };
  });
  const rate = mean(outcomes.map(([, so]) => Number(so)));
  return {
    bins,
    error: mean(bins.map(({ said, so }) => Math.abs(said - so))),
    brier: mean(outcomes.map(([said, so]) => (said - Number(so)) ** 2)),
    baseBrier: rate * (1 - rate),
    auc: areaUnderCurve(outcomes),
  };
}

function areaUnderCurve(outcomes: readonly (readonly [said: number, so: boolean])[]): number {
  const right = outcomes.filter(([, so]) => so);
  const wrong = outcomes.filter(([, so]) => !so);
  return mean(right.flatMap(([a]) => wrong.map(([b]) => (Math.sign(a - b) + 1) / 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Solves `matrix × x = values` by elimination; the matrix is positive definite, so no row needs another's place. */
function solve(matrix: readonly (readonly number[])[], values: readonly number[]): readonly number[] {
  const rows = matrix.map((row, i) => [...row, values[i] ?? 0]);
  for (const [i, pivotRow] of rows.entries()) {
    const pivot = pivotRow[i] ?? 1;
    for (const [j, row] of rows.entries()) {
      if (j === i) continue;
      const factor = (row[i] ?? 0) / pivot;
      for (const [k, value] of pivotRow.entries()) row[k] = (row[k] ?? 0) - factor * value;
    }
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}
