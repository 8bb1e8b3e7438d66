import { confidenceWeights } from "../../packages/retriever/src/answering/relevance/confidence.ts";
import { askAll, type Asked } from "./ask.ts";
import { calibrationOf, fitWeights, judge, saidOf, type Calibration } from "./calibration.ts";
import { indexCorpus } from "./collections.ts";
import { kubelabMissing } from "../servers/kubelab.ts";
import { openCorpora, type Corpus } from "./corpora.ts";
import { openEmbedder, type EvaluationEmbedder } from "./embedder.ts";
import { calibrationRows, findingRows, labels, refusalRows, type EvaluationRow } from "./evaluation-rows.ts";
import { sets } from "./questions.ts";
import { ratesOf } from "./rates.ts";
import { evaluateSet } from "./retrieval/evaluate-retrieval.ts";
import { openSets } from "./retrieval/labelled-sets.ts";
import { refusalTable, type CorpusOutcomes, type SearchKind } from "./refusals.ts";

type Outcomes = CorpusOutcomes<Asked>;

async function main(): Promise<void> {
  // The model server stops when this process exits, and a signal alone would skip that.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const wanted = process.argv.slice(2);
  if (wanted.includes("k8s")) return await evaluateCluster();
  const opened = wanted.includes("words") ? "only words are asked for" : await openEmbedder();
  const embedder = typeof opened === "string" ? undefined : opened;
  if (typeof opened === "string") print(`skipped: hybrid search (${opened})`);
  try {
    const named = wanted.filter((name) => name !== "sets" && name !== "words");
    if (named.length === wanted.length) {
      const corpora = await openCorpora(print);
      const chosen = corpora.filter(({ name }) => named.length === 0 || named.includes(name));
      await evaluate(chosen, embedder);
    }
    if (wanted.length === 0 || named.length < wanted.length)
      await evaluateSets(named, wanted.includes("words") ? undefined : embedder);
  } finally {
    await embedder?.close();
  }
}

/** Ranks the documents of labelled sets: `sets` all of them, `sets xquad-en` one, `words` without vectors. */
async function evaluateSets(names: readonly string[], opened: EvaluationEmbedder | undefined): Promise<void> {
  const rows: EvaluationRow[] = [];
  for (const set of await openSets(names, print)) {
    process.stderr.write(`set: ${set.name}\n`); // embedding takes minutes
    rows.push(...(await evaluateSet(set, opened?.embedder, print)));
  }
  for (const row of rows) print(JSON.stringify(row));
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}

/** Evaluates the assistant of a cluster, which needs a server of its own. */
async function evaluateCluster(): Promise<void> {
  const missing = kubelabMissing("own");
  if (missing !== undefined) return print(`skipped: k8s (${missing})`);
  const { evaluateK8s } = await import("./k8s/evaluate-k8s.ts");
  const { printK8s } = await import("./k8s/print-k8s.ts");
  const evaluation = await evaluateK8s((line) => process.stderr.write(`k8s: ${line}\n`));
  if (!printK8s(evaluation, print)) process.exitCode = 1;
}

async function evaluate(corpora: readonly Corpus[], opened: EvaluationEmbedder | undefined): Promise<void> {
  const outcomes: Outcomes[] = [];
  for (const corpus of corpora) outcomes.push(await outcomesOf(corpus, "lexical", undefined));
  for (const corpus of corpora) {
    if (opened === undefined) continue;
    if (corpus.isLarge === true) print(`skipped: hybrid search of ${corpus.name} (too large to embed here)`);
    else outcomes.push(await outcomesOf(corpus, "hybrid", opened));
  }
  const searches: readonly SearchKind[] = opened === undefined ? ["lexical"] : ["lexical", "hybrid"];
  for (const search of searches) printSearch(outcomes, search);
  const rows = searches.flatMap((search) => [
    ...refusalRows(outcomes, search),
    ...calibrationRows(search, calibrationIn(outcomes, search)),
    ...outcomes
      .filter((each) => each.search === search && each.asked.some(isFindable))
      .flatMap(({ corpus, asked }) => findingRows(corpus, search, asked)),
  ]);
  for (const row of rows) print(JSON.stringify(row));
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function outcomesOf(
  corpus: Corpus,
  search: SearchKind,
  opened: EvaluationEmbedder | undefined,
): Promise<Outcomes> {
  process.stderr.write(`${search}: ${corpus.name}\n`); // embedding takes minutes
  const indexed = await indexCorpus(corpus, opened?.embedder);
  const asked = await askAll(indexed, corpus.questions);
  await indexed.store.close();
  return { corpus: corpus.name, points: indexed.points, search, asked };
}

function printSearch(outcomes: readonly Outcomes[], search: SearchKind): void {
  const own = outcomes.filter((each) => each.search === search);
  print("\nrefused, by kind of question");
  for (const set of sets) {
    for (const line of refusalTable(outcomes, search, set)) print(line);
  }
  print(
    `\n${`found, ${search}, held-out`.padEnd(28)}${labels.map(([, label]) => label.padStart(20)).join("")}`,
  );
  for (const { corpus, asked } of own.filter((each) => each.asked.some(isFindable))) {
    const rates = ratesOf(asked.filter(({ set }) => set === "held-out"));
    print(`  ${corpus.padEnd(26)}${labels.map(([name]) => percent(rates[name]).padStart(20)).join("")}`);
  }
  printCalibration(calibrationIn(outcomes, search));
  const development = own.flatMap(({ asked }) => asked.filter(({ set }) => set === "development"));
  const weights = confidenceWeights[search === "lexical" ? "lexical" : "dense"];
  print(
    `  weights fitted to these development questions: ${shown(fitWeights(judge(development)))}; in use: ${shown(weights)}`,
  );
  print("\nwrong on held-out questions");
  for (const { corpus, asked } of own)
    for (const each of asked) if (isWrong(each)) print(describe(corpus, each));
}

function calibrationIn(outcomes: readonly Outcomes[], search: SearchKind): Calibration {
  const own = outcomes.filter((each) => each.search === search).flatMap(({ asked }) => asked);
  return calibrationOf(saidOf(own.filter(({ set }) => set === "held-out")));
}

function printCalibration({ bins, error, brier, baseBrier, auc }: Calibration): void {
  print("\nconfidence that the passages hold the answer, held-out questions, where a search can tell");
  for (const { count, said, so } of bins)
    print(`  said ${percent(said).padStart(7)}   was so ${percent(so).padStart(7)}   of ${count}`);
  print(
    `  off by ${percent(error)}   Brier ${brier.toFixed(3)} of ${baseBrier.toFixed(3)}   AUC ${auc.toFixed(3)}`,
  );
}

function isFindable({ set, isAnswerable }: Asked): boolean {
  return set === "held-out" && isAnswerable;
}

function isWrong({ set, isAnswerable, isAnswered }: Asked): boolean {
  return set === "held-out" && isAnswerable !== isAnswered;
}

function describe(corpus: string, { kind, question, isAnswered, answer }: Asked): string {
  const { confidence = Number.NaN, coverage = 0, standing, unknownNames } = answer.trace.relevance;
  const signs = [
    `confidence ${confidence.toFixed(2)}`,
    `coverage ${coverage.toFixed(2)}`,
    ...(standing === undefined ? [] : [`standing ${standing.toFixed(1)}`]),
    ...unknownNames,
  ];
  return `  ${isAnswered ? "answered" : "refused "}  ${corpus}, ${kind}: ${question} (${signs.join(", ")})`;
}

function shown(weights: readonly number[]): string {
  return weights.map((weight) => weight.toFixed(2)).join(", ");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
