import type { QuestionKind, QuestionSet } from "./questions.ts";

/** The outcome of one question. */
export interface Outcome {
  readonly set: QuestionSet;
  readonly kind: QuestionKind;
  readonly isAnswerable: boolean;
  readonly isAnswered: boolean;
  /** Rank of the first passage from a right page, from 1. Undefined if no passage is from a right page. */
  readonly rank?: number | undefined;
  /** True if the first citation is from a right page. */
  readonly isFirstCitationRight?: boolean | undefined;
  readonly isAnyCitationRight?: boolean | undefined;
}

/** Shares between 0 and 1. NaN if there was nothing to count. */
export interface Rates {
  /** Share of the refused questions that have no answer. */
  readonly refusalPrecision: number;
  /** Share of the questions without an answer that were refused. */
  readonly refusalRecall: number;
  /** Share of the questions with an answer that were answered. */
  readonly answered: number;
  readonly recallAt1: number;
  readonly recallAt8: number;
  readonly firstCitation: number;
  readonly anyCitation: number;
}

/** Computes the rates of some outcomes. */
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
