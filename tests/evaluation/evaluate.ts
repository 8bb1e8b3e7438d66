import { join } from "node:path";
import { confidenceWeights } from "../../packages/retriever/src/answering/relevance/confidence.ts";
import { askAll, type Asked } from "./ask.ts";
import { calibrationOf, crossFitted, fitWeights, judge, type Calibration } from "./calibration.ts";
import { indexFolder, selectPages, type IndexedPages } from "./collections.ts";
import { fetchCorpus } from "./corpus.ts";
import { readQuestions, type LabelledQuestion } from "./questions.ts";
import { calibrationRows, evaluationRows, labels, sets } from "./evaluation-rows.ts";
import { ratesOf, type Outcome } from "./rates.ts";

/** The answerable questions are dealt out over this many small collections, each with a page for every question. */
const smallCollections = 6;
const thresholds = [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];

async function main(): Promise<void> {
  const corpus = await fetchCorpus(join(import.meta.dirname, "../../.cache/evaluation"));
  const questions = (await Promise.all(sets.map(readQuestions))).flat();
  const manual = await indexFolder(corpus.folder);
  print(
    `${corpus.version}: ${manual.pages.length} pages, ${manual.points} chunks, ${questions.length} questions\n`,
  );
  const whole = await askAll(manual, questions);
  const small: Asked[] = [];
  for (const set of sets) {
    const own = questions.filter((question) => question.set === set);
    small.push(...(await askSmall(manual, own)));
  }
  printRates("whole manual", whole);
  printKinds(whole);
  printRates("small collections", small);
  printKinds(small);
  await printThresholds(
    manual,
    questions.filter(({ set }) => set === "development"),
  );
  const judged = judge([...whole, ...small]);
  const calibration = calibrationOf(crossFitted(judged));
  printCalibration(calibration, judged.length);
  const fitted = fitWeights(judged);
  print(
    `  weights ${fitted.map((weight) => weight.toFixed(2)).join(", ")}; in use ${confidenceWeights.join(", ")}\n`,
  );
  for (const asked of [...whole, ...small].filter(isWrong)) print(describe(asked));
  print("");
  const rows = [
    ...evaluationRows("manual", whole, corpus.version),
    ...evaluationRows("small", small, corpus.version),
    ...calibrationRows(calibration, corpus.version),
  ];
  for (const row of rows) print(JSON.stringify(row));
  if (fitted.some((weight, i) => Math.abs(weight - (confidenceWeights[i] ?? 0)) > 0.05)) process.exitCode = 1;
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}

/** Small folders are what most people try first, and IDFs say less there. */
async function askSmall(
  manual: IndexedPages,
  questions: readonly LabelledQuestion[],
): Promise<readonly Asked[]> {
  const answerable = questions.filter(({ pages }) => pages.length > 0);
  const unanswerable = questions.filter(({ pages }) => pages.length === 0);
  const asked: Asked[] = [];
  for (let part = 0; part < smallCollections; part++) {
    const own = answerable.filter((_, index) => index % smallCollections === part);
    const pages = new Set(own.flatMap(({ pages: [page = ""] }) => page));
    const collection = await selectPages(manual, pages);
    asked.push(...(await askAll(collection, [...own, ...unanswerable])));
  }
  return asked;
}

async function printThresholds(manual: IndexedPages, questions: readonly LabelledQuestion[]): Promise<void> {
  print("fixed minCoverage over the whole manual, development questions");
  for (const threshold of thresholds) {
    const { refusalPrecision, refusalRecall, answered } = ratesOf(await askAll(manual, questions, threshold));
    print(
      `  ${threshold.toFixed(2)}   refusal precision ${percent(refusalPrecision)}  recall ${percent(refusalRecall)}   answered ${percent(answered)}`,
    );
  }
  print("");
}

/** Of each question by weights that were fitted without it. */
function printCalibration({ bins, error, brier, baseBrier, auc }: Calibration, count: number): void {
  print(
    `confidence that the passages hold the answer, ${count} answers, each by weights fitted without its question`,
  );
  for (const { count, said, so } of bins)
    print(`  said ${percent(said)}   was so ${percent(so)}   of ${count}`);
  print(
    `  off by ${percent(error)}   Brier ${brier.toFixed(3)} of ${baseBrier.toFixed(3)}   AUC ${auc.toFixed(3)}`,
  );
}

function printRates(title: string, asked: readonly Outcome[]): void {
  print(`${title.padEnd(20)} ${sets.map((set) => set.padStart(11)).join(" ")}`);
  const rates = sets.map((set) => ratesOf(asked.filter((outcome) => outcome.set === set)));
  for (const [name, label] of labels) {
    print(`  ${label.padEnd(18)} ${rates.map((rate) => percent(rate[name]).padStart(11)).join(" ")}`);
  }
  print("");
}

function printKinds(asked: readonly Asked[]): void {
  const kinds = Map.groupBy(
    asked.filter(({ kind }) => kind !== undefined),
    ({ kind }) => kind,
  );
  for (const [kind = "", group] of kinds) {
    const refused = group.filter(({ isAnswered }) => !isAnswered).length;
    print(`  refused, ${kind.padEnd(16)} ${refused} of ${group.length}`);
  }
  print("");
}

function isWrong({ isAnswerable, isAnswered }: Outcome): boolean {
  return isAnswerable !== isAnswered;
}

function describe({ question, set, isAnswered, answer }: Asked): string {
  const { coverage = 0, minCoverage = 0 } = answer.trace.relevance;
  const points = answer.trace.retrieval.trace.points ?? 0;
  const what = isAnswered ? "answered, has no answer" : "refused, has an answer ";
  return `  ${set.padEnd(11)}  ${what}  ${coverage.toFixed(2)} of ${minCoverage.toFixed(2)}  ${points} chunks  ${question}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
