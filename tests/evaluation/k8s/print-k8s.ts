import type { GradedAnswer, K8sEvaluation } from "./evaluate-k8s.ts";
import { classes } from "./k8s-questions.ts";

/** Prints the tables of an evaluation, then one JSON line per figure. Returns true if nothing leaked. */
export function printK8s(evaluation: K8sEvaluation, print: (line: string) => void): boolean {
  const { variants, graded, written, delays, leaks } = evaluation;
  print("\nexpected objects among the first five (recall@5)");
  for (const { search, variant, recall, reciprocalRank, byClass, characters } of variants) {
    const each = Object.entries(byClass).map(([kind, part]) => `${kind} ${percent(part)}`);
    print(
      `  ${search} ${variant.padEnd(26)}${percent(recall).padStart(8)}   MRR ${reciprocalRank.toFixed(3)}   ${each.join("   ")}   ${characters} characters`,
    );
  }
  printAnswers("right answers, without a model", graded, print);
  if (written.length > 0) printAnswers("right answers, written by a model", written, print);
  print("\nuntil the answer is right after a change");
  for (const { change, isLive, ms, fault } of delays)
    print(
      `  ${change.padEnd(36)}${isFinite(ms) ? `${Math.round(ms)} ms` : `never: ${fault ?? ""}`}${isLive ? "   read live" : ""}`,
    );
  print(`\n${leaks} of the planted secrets in an answer`);
  for (const row of rowsOf(evaluation)) print(JSON.stringify({ suite: "evaluate-k8s", ...row }));
  return leaks === 0;
}

function printAnswers(title: string, graded: readonly GradedAnswer[], print: (line: string) => void): void {
  print(`\n${title}`);
  for (const kind of classes) {
    const own = graded.filter(({ question }) => question.class === kind);
    if (own.length > 0) print(`  ${kind.padEnd(10)}${right(own)} of ${own.length}`);
  }
  print(
    `  ${"all".padEnd(10)}${right(graded)} of ${graded.length} (${percent(right(graded) / graded.length)})`,
  );
  const wrong = graded.filter(({ fault }) => fault !== undefined);
  if (wrong.length > 0) print("wrong");
  for (const { question, answer, fault } of wrong)
    print(`  ${question.class}: ${question.question} ${fault} [${answer.route}, ${answer.mode}]`);
}

function right(graded: readonly GradedAnswer[]): number {
  return graded.filter(({ fault }) => fault === undefined).length;
}

function rowsOf({ variants, graded, written, delays, leaks }: K8sEvaluation): readonly object[] {
  const indexed = delays.filter(({ isLive }) => !isLive).map(({ ms }) => ms);
  return [
    ...variants.map(({ search, variant, recall, reciprocalRank }) => ({
      row: `recall@5, ${search}, ${variant}`,
      value: recall,
      reciprocalRank,
    })),
    { row: "exact-answer rate", value: right(graded) / graded.length, questions: graded.length },
    ...(written.length === 0
      ? []
      : [{ row: "exact-answer rate with a model", value: right(written) / written.length }]),
    { row: "longest time until an answer is right", value: Math.round(Math.max(...indexed)), unit: "ms" },
    { row: "stale live answers", value: delays.filter(({ isLive, ms }) => isLive && !isFinite(ms)).length },
    { row: "leaks", value: leaks },
  ];
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
