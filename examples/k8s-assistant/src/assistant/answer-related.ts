import type { StoredPoint } from "@binnacle/core";
import { answerFromPassages } from "./answer-from-passages.ts";
import type { AssistantAnswer, AnswerSource } from "./assistant-answer.ts";
import type { Asking } from "./assistant.ts";
import { finishAnswer, sourceOf } from "./finish-answer.ts";
import { citedName, objectRow } from "./object-row.ts";
import type { ParsedQuestion } from "./parse-question.ts";
import { countTokens, TokenBudget } from "./token-budget.ts";

const mostObjects = 5;

/** Answers with the objects that are related to the named objects, by exact reads of their metadata. */
export async function answerRelated(question: ParsedQuestion, asking: Asking): Promise<AssistantAnswer> {
  const subjects = await subjectsOf(question, asking);
  if (subjects.length === 0) return await answerFromPassages(question, asking);
  const budget = new TokenBudget(asking.budget);
  const sources: AnswerSource[] = [];
  for (const subject of subjects.slice(0, mostObjects)) {
    const row = objectRow(subject);
    if ((await asking.access.allowed([row])).length === 0) continue;
    sources.push(sourceOf(row, asking));
    budget.add(`${citedName(row)}${row.state === undefined ? "" : ` (${row.state})`}:`);
    const related = await asking.search.related(subject, asking.call);
    const rows = await asking.access.allowed(related.map(({ point }) => objectRow(point)));
    if (rows.length === 0) budget.add("- no related objects");
    for (const other of rows) {
      const found = related.find(({ point }) => point.chunk.documentId === other.documentId);
      const via = `${found?.relation ?? "related"} of ${row.key}`;
      const state = other.state === undefined ? "" : ` (${other.state})`;
      if (budget.add(`- ${found?.relation ?? "related"} ${citedName(other)}${state}`))
        sources.push(sourceOf(other, asking, via));
    }
  }
  return finishAnswer(question, asking, {
    mode: "exact",
    text: budget.text,
    sources,
    cut: cutWords(subjects, budget),
    usedTokens: countTokens(budget.text),
  });
}

/** Returns the objects that the question names. With a kind and several names the kind belongs to one of them, so
 * an empty result is asked again without kinds. */
async function subjectsOf(
  question: ParsedQuestion,
  { search, call }: Asking,
): Promise<readonly StoredPoint[]> {
  const found = await search.named(question, call);
  return found.length > 0 ? found : await search.named({ ...question, kinds: [] }, call);
}

function cutWords(subjects: readonly StoredPoint[], { cut, limit }: TokenBudget): string {
  const left = Math.max(0, subjects.length - mostObjects);
  const parts = [
    ...(left === 0 ? [] : [`${left} more objects of that name`]),
    ...(cut === 0 ? [] : [`${cut} more lines had no room in ${limit} tokens`]),
  ];
  return parts.join("; ");
}
