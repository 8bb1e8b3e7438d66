import type { QuestionKind, QuestionSet } from "./questions.ts";

/** One question that was asked. */
export interface Outcome {
  readonly set: QuestionSet;
  readonly kind: QuestionKind;
  readonly isAnswerable: boolean;
  readonly isAnswered: boolean;
  /** Place of the first passage from a page that answers, from 1; undefined where none came back. */
  readonly rank?: number | undefined;
  /** True if the first citation, or any citation, is from a page that answers. */
  readonly isFirstCitationRight?: boolean | undefined;
  readonly isAnyCitationRight?: boolean | undefined;
}

/** Shares of 1; NaN where there was nothing to count. */
export interface Rates {
  /** The share of the refused questions that rightly were. */
  readonly refusalPrecision: number;
  /** The share of the questions without an answer that were refused. */
  readonly refusalRecall: number;
  /** The share of the questions with an answer that were answered. */
  readonly answered: number;
  readonly recallAt1: number;
  readonly recallAt8: number;
  readonly firstCitation: number;
  readonly anyCitation: number;
}

/** The figures of a set of outcomes. */
export function ratesOf(outcomes: readonly Outcome[]): Rates {
  const answerable = outcomes.filter(({ isAnswerable }) => isAnswerable);
  const unanswerable = outcomes.filter(({ isAnswerable }) => !isAnswerable);
  const refused = outcomes.filter(({ isAnswered }) => !isAnswered);
  const answered = answerable.filter(({ isAnswered }) => isAnswered);
  const within = (limit: number) => answerable.filter(({ rank = Infinity }) => rank <= limit);
  return {
    refusalPrecision: share(
      refused.filter(({ isAnswerable }) => !isAnswerable),
      refused,
    ),
    refusalRecall: share(
      unanswerable.filter(({ isAnswered }) => !isAnswered),
      unanswerable,
    ),
    answered: share(answered, answerable),
    recallAt1: share(within(1), answerable),
    recallAt8: share(within(8), answerable),
    firstCitation: share(
      answered.filter(({ isFirstCitationRight }) => isFirstCitationRight === true),
      answered,
    ),
    anyCitation: share(
      answered.filter(({ isAnyCitationRight }) => isAnyCitationRight === true),
      answered,
    ),
  };
}

function share(part: readonly unknown[], whole: readonly unknown[]): number {
  return part.length / whole.length;
}
