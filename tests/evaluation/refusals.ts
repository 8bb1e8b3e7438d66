import type { Outcome } from "./rates.ts";
import type { QuestionKind, QuestionSet } from "./questions.ts";

/** Kind of search: without or with vectors. */
export type SearchKind = "lexical" | "hybrid";

/** The outcomes of one corpus's questions. */
export interface CorpusOutcomes<O extends Outcome = Outcome> {
  readonly corpus: string;
  readonly points: number;
  readonly search: SearchKind;
  readonly asked: readonly O[];
}

/** A number of questions and how many of them were refused. */
export interface Refused {
  readonly refused: number;
  readonly count: number;
}

/** The reported classes with their kinds of question. */
export const classes: readonly (readonly [name: string, kinds: readonly QuestionKind[]])[] = [
  ["direct", ["direct"]],
  ["paraphrase", ["paraphrase"]],
  ["other field", ["other field"]],
  ["other product", ["other product"]],
  ["near miss", ["near miss"]],
];

/** Counts the questions of some kinds and their refusals. */
export function refusedOf(
  outcomes: readonly Outcome[],
  set: QuestionSet,
  kinds: readonly QuestionKind[],
): Refused {
  const own = outcomes.filter((outcome) => outcome.set === set && kinds.includes(outcome.kind));
  return { count: own.length, refused: own.filter(({ isAnswered }) => !isAnswered).length };
}

/** Returns a table of refusals with one line per corpus and one for all. */
export function refusalTable(
  outcomes: readonly CorpusOutcomes[],
  search: SearchKind,
  set: QuestionSet,
): readonly string[] {
  const own = outcomes.filter((each) => each.search === search);
  const all = { corpus: "all", points: undefined, asked: own.flatMap(({ asked }) => asked) };
  const head = `${`${search}, ${set}`.padEnd(28)}${classes.map(([name]) => name.padStart(18)).join("")}`;
  const lines = [...own, all].map(({ corpus, points, asked }) => {
    const cells = classes.map(([, kinds]) => cellOf(refusedOf(asked, set, kinds)).padStart(18));
    const size = points === undefined ? "" : `${points} chunks`;
    return `  ${corpus.padEnd(15)}${size.padStart(11)}${cells.join("")}`;
  });
  return [head, ...lines];
}

function cellOf({ refused, count }: Refused): string {
  return count === 0 ? "–" : `${((100 * refused) / count).toFixed(1)} % of ${count}`;
}
