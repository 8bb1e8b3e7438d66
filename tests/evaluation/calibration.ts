import type { Asked } from "./ask.ts";
import {
  denseSigns,
  lexicalSigns,
  logistic,
} from "../../packages/retriever/src/answering/relevance/confidence.ts";

/** Ridge penalty. It keeps the weights small if the questions do not decide; the constant is free. */
const ridge: number = 0.5;

/** The measures of one question, and whether it should be answered. */
export interface Judged {
  readonly signs: readonly number[];
  readonly isRight: boolean;
  /** Weight of the question in the fit. @default 1 */
  readonly weight?: number | undefined;
}

/**
 * One fifth of the questions in order of confidence: the mean confidence and the share with a right page.
 */
export interface Bin {
  readonly count: number;
  readonly said: number;
  readonly so: number;
}

/** Figures for how well a confidence predicts. */
export interface Calibration {
  readonly bins: readonly Bin[];
  /** Mean distance between the confidence and the share. */
  readonly error: number;
  /** Mean squared error. `baseBrier` is that of always predicting the share. */
  readonly brier: number;
  readonly baseBrier: number;
  /** Probability that a question with a right page has a higher confidence than a question without one. */
  readonly auc: number;
}

/**
 * Returns true if a search can recognise the question's answer. It cannot for near misses, and without
 * vectors not for paraphrases.
 */
function canTell({ kind, answer }: Asked): boolean {
  const isLexical = answer.trace.retrieval.trace.mode === "lexical";
  return kind !== "near miss" && !(isLexical && kind === "paraphrase");
}

/**
 * Returns the measures of each question that a search can judge. Questions with and without an answer have
 * equal weight in total.
 */
export function judge(asked: readonly Asked[]): readonly Judged[] {
  const judged = asked.filter(canTell).flatMap(({ isAnswerable, answer }): readonly Judged[] => {
    const { retrieval, relevance } = answer.trace;
    const signs = denseSigns(relevance) ?? lexicalSigns(retrieval, relevance);
    return signs === undefined ? [] : [{ signs, isRight: isAnswerable }];
  });
  const right = mean(judged.map(({ isRight }) => Number(isRight)));
  return judged.map((each) => ({ ...each, weight: 0.5 / (each.isRight ? right : 1 - right) }));
}

/** Returns the confidence in each of these questions, and whether a right page was among the passages. */
export function saidOf(asked: readonly Asked[]): readonly (readonly [said: number, so: boolean])[] {
  return asked.filter(canTell).flatMap(({ rank, answer }) => {
    const { confidence } = answer.trace.relevance;
    return confidence === undefined ? [] : [[confidence, rank !== undefined] as const];
  });
}

/** Fits a logistic regression by Newton's method and returns its weights. */
export function fitWeights(judged: readonly Judged[]): readonly number[] {
  const size = judged[0]?.signs.length ?? 0;
  let weights: readonly number[] = Array.from({ length: size }, () => 0);
  for (let step = 0; step < 30; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : ridge * weight));
    const curvature = weights.map((_, i) => weights.map((__, j) => (i === j && i > 0 ? ridge : 0)));
    for (const { signs, isRight, weight = 1 } of judged) {
      const said = logistic(weights, signs);
      for (const [i, sign] of signs.entries()) {
        gradient[i] = (gradient[i] ?? 0) + weight * (said - Number(isRight)) * sign;
        const row = curvature[i] ?? [];
        for (const [j, other] of signs.entries())
          row[j] = (row[j] ?? 0) + weight * said * (1 - said) * sign * other;
      }
    }
    const move = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight - (move[i] ?? 0));
  }
  return weights;
}

/** Compares confidences with outcomes in fifths. */
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

/** Solves `matrix × x = values` by elimination. The matrix is positive definite, so no rows are exchanged. */
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
