import type { AssistantAnswer } from "./assistant-answer.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import type { Asking } from "./assistant.ts";
import { finishAnswer, sourceOf } from "./finish-answer.ts";
import { citedName, type ObjectRow } from "./object-row.ts";
import type { GroupField, ParsedQuestion } from "./parse-question.ts";
import { countTokens, TokenBudget } from "./token-budget.ts";

const mostSources = 20;

/**
 * Answers a count or a list by filters. It counts every object that the asker may see, even if only some have
 * room in the table.
 */
export async function answerExactly(question: ParsedQuestion, asking: Asking): Promise<AssistantAnswer> {
  const found = await asking.search.rows(question, asking.call);
  // A list of nothing may be a question that filters cannot express.
  if (found.length === 0 && question.route === "list" && question.words.length > 0)
    return await answerFromPassages({ ...question, route: "find" }, asking);
  const all = await asking.access.allowed(found);
  const budget = new TokenBudget(asking.budget);
  budget.add(sentence(question, all));
  if (question.groupBy !== undefined) for (const line of groupLines(all, question.groupBy)) budget.add(line);
  else if (question.route === "list" || all.length <= mostSources)
    for (const row of all) budget.add(tableLine(row, asking));
  const shown = question.groupBy === undefined ? all.slice(0, mostSources) : [];
  return finishAnswer(question, asking, {
    mode: "exact",
    text: budget.text,
    count: all.length,
    sources: shown.map((row) => sourceOf(row, asking)),
    cut: budget.cut === 0 ? "" : `${budget.cut} more lines had no room in ${asking.budget} tokens`,
    usedTokens: countTokens(budget.text),
    resources: question.kinds.length === 0 ? undefined : [...new Set(all.map(({ resource }) => resource))],
  });
}

function sentence(question: ParsedQuestion, rows: readonly ObjectRow[]): string {
  const { kinds, namespaces, unknownNamespaces, states, images, nodes, labels, names, words } = question;
  const conditions = [
    ["in namespace", [...namespaces, ...unknownNamespaces]],
    ["state", states],
    ["image", images],
    ["node", nodes],
    ["label", labels],
    ["name", names],
    ["with", words],
  ] as const;
  const told = conditions
    .filter(([, values]) => values.length > 0)
    .map(([word, values]) => `${word} ${values.join(" or ")}`);
  const what = kinds.length === 0 ? "objects" : kinds.join(" or ");
  return `${rows.length} ${what}${told.length === 0 ? "" : ` (${told.join(", ")})`}`;
}

function tableLine(row: ObjectRow, { freshness }: Asking): string {
  const details = [
    row.state,
    row.images.join(", "),
    row.warnings.length === 0 ? undefined : `warns ${row.warnings.join(", ")}`,
  ];
  return [
    `- ${citedName(row)}`,
    ...details.filter((text) => text !== undefined && text !== ""),
    freshness.of(row),
  ].join(" · ");
}

function groupLines(rows: readonly ObjectRow[], field: GroupField): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = row[field];
    const values =
      typeof value === "string" ? [value] : value === undefined || value.length === 0 ? ["(none)"] : value;
    for (const each of new Set(values)) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([value, count]) => `- ${value}: ${count}`);
}
