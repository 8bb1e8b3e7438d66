import type { Calibration } from "./calibration.ts";
import type { QuestionKind } from "./questions.ts";
import { ratesOf, type Outcome, type Rates } from "./rates.ts";
import { refusedOf, type CorpusOutcomes, type SearchKind } from "./refusals.ts";

/** The figures of retrieval with their labels in the table. */
export const labels: readonly (readonly [keyof Rates, string])[] = [
  ["recallAt1", "page in top 1"],
  ["recallAt8", "page in top 8"],
  ["firstCitation", "1st citation right"],
  ["anyCitation", "a citation right"],
];

/** One line of JSON. */
export interface EvaluationRow {
  readonly suite: "evaluate";
  readonly row: string;
  /** Value between 0 and 1. */
  readonly value: number;
  readonly unit: "share";
  readonly target: number | null;
  readonly ok: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: null;
}

/** Lowest accepted figures of refusal, over the held-out questions of all corpora. */
const targets: Readonly<Record<SearchKind, Readonly<Record<string, number>>>> = {
  lexical: { answered: 0.95, refused: 0.85 },
  hybrid: { answered: 0.95, refused: 0.9 },
};

/**
 * Kinds of questions that each figure counts. Without vectors, only questions that share words can be
 * answered.
 */
const figures: Readonly<
  Record<SearchKind, readonly (readonly [name: string, kinds: readonly QuestionKind[]])[]>
> = {
  lexical: [
    ["answered", ["direct"]],
    ["paraphrasesAnswered", ["paraphrase"]],
    ["refused", ["other field", "other product"]],
    ["nearMissesRefused", ["near miss"]],
  ],
  hybrid: [
    ["answered", ["direct", "paraphrase"]],
    ["paraphrasesAnswered", ["paraphrase"]],
    ["refused", ["other field", "other product"]],
    ["nearMissesRefused", ["near miss"]],
  ],
};

/** Returns the shares of held-out questions that were rightly answered and refused. */
export function refusalRows(
  outcomes: readonly CorpusOutcomes[],
  search: SearchKind,
): readonly EvaluationRow[] {
  const asked = outcomes.filter((each) => each.search === search).flatMap((each) => each.asked);
  return figures[search].map(([name, kinds]) => {
    const { refused, count } = refusedOf(asked, "held-out", kinds);
    const share = refused / count;
    const value = name.toLowerCase().endsWith("answered") ? 1 - share : share;
    return rowOf(`${search}.${name}`, value, targets[search][name]);
  });
}

/** Returns the figures of the confidence as rows. The run fails below these targets. */
export function calibrationRows(search: SearchKind, { error, auc }: Calibration): readonly EvaluationRow[] {
  return [
    rowOf(`${search}.confidence.agreement`, 1 - error, 0.85),
    rowOf(`${search}.confidence.auc`, auc, 0.9),
  ];
}

/** Returns how often a right page is found and cited. */
export function findingRows(
  corpus: string,
  search: SearchKind,
  outcomes: readonly Outcome[],
): readonly EvaluationRow[] {
  const rates = ratesOf(outcomes.filter(({ set }) => set === "held-out"));
  return labels.map(([name]) => rowOf(`${search}.${corpus}.${name}`, rates[name]));
}

function rowOf(row: string, value: number, target?: number): EvaluationRow {
  return {
    suite: "evaluate",
    row,
    value: Number(value.toFixed(4)),
    unit: "share",
    target: target ?? null,
    ok: target === undefined || value >= target,
    versions: { node: process.version },
    seed: null,
  };
}
