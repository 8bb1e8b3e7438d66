import type { Passage } from "@binnacle/core";
import { createAnswerer, createExtractiveAnswerer, type Answer } from "@binnacle/retriever";
import { sentencesOf } from "./answer-from-cluster.ts";
import type { AnswerSource, AssistantAnswer } from "./assistant-answer.ts";
import type { Asking } from "./assistant.ts";
import { createQuestionRetriever, pointsOf, rowOfPassage } from "./find-passages.ts";
import { finishAnswer, sourceOf } from "./finish-answer.ts";
import { citedName } from "./object-row.ts";
import type { ParsedQuestion } from "./parse-question.ts";
import { countTokens, TokenBudget } from "./token-budget.ts";

const answerTokens = 400;

/** Answers from retrieved passages: with the words of a model if there is one, else with quotes. Retrieved text
 * is data: the prompt marks it, and no tool follows from it. */
export async function answerFromPassages(question: ParsedQuestion, asking: Asking): Promise<AssistantAnswer> {
  const { backend, call, budget } = asking;
  const retriever = createQuestionRetriever(question, asking);
  // An object that the question names by its exact name is found, whatever the other words are.
  const refuse = (await pointsOf(question, asking)).length > 0 ? "off" : "clear";
  const answerer =
    backend === undefined
      ? createExtractiveAnswerer({ retriever, refuse })
      : createAnswerer({ retriever, backend, refuse, maxContextTokens: budget, maxTokens: answerTokens });
  const answer = await answerer.answer(question.text, call);
  const passages = byObject(answer.trace.retrieval.passages);
  if (answer.mode === "none") return refused(question, asking, answer, passages);
  return backend === undefined ? quoted(question, asking, passages) : written(question, asking, answer);
}

function refused(
  question: ParsedQuestion,
  asking: Asking,
  { refusal }: Answer,
  passages: readonly Passage[],
): AssistantAnswer {
  const names = refusal?.unknownNames ?? [];
  const text =
    names.length > 0
      ? `Nothing in the index names ${names.join(", ")}.`
      : "Nothing in the index answers that.";
  return finishAnswer(question, asking, {
    mode: "none",
    text,
    sources: passages.slice(0, 3).map((passage) => sourceOf(rowOfPassage(passage), asking)),
    cut: "",
    usedTokens: countTokens(text),
  });
}

function quoted(question: ParsedQuestion, asking: Asking, passages: readonly Passage[]): AssistantAnswer {
  const budget = new TokenBudget(asking.budget);
  const sources: AnswerSource[] = [];
  for (const passage of passages) {
    const row = rowOfPassage(passage);
    const via = viaOf(passage, passages);
    if (!budget.add(`${citedName(row)}${via === undefined ? "" : ` (${via})`}`)) continue;
    sources.push(sourceOf(row, asking, via));
    for (const line of sentencesOf(passage.text)) budget.add(`  ${line}`);
  }
  return finishAnswer(question, asking, {
    mode: "extractive",
    text: budget.text,
    sources,
    cut: budget.cut === 0 ? "" : `${budget.cut} lines had no room in ${asking.budget} tokens`,
    usedTokens: countTokens(budget.text),
  });
}

function written(question: ParsedQuestion, asking: Asking, answer: Answer): AssistantAnswer {
  const { passages } = answer.trace.retrieval;
  const { tokens, cut } = answer.trace.context;
  const sources = answer.sources.flatMap(({ number, documentId }) => {
    const passage = passages.find((each) => each.documentId === documentId);
    if (passage === undefined) return [];
    const source = sourceOf(rowOfPassage(passage), asking, viaOf(passage, passages));
    return [{ ...source, object: `[${number}] ${source.object}` }];
  });
  return finishAnswer(question, asking, {
    mode: "generated",
    text: answer.answer,
    sources,
    cut: cut.length === 0 ? "" : `${cut.length} passages had no room in ${asking.budget} tokens`,
    usedTokens: tokens + countTokens(answer.answer),
  });
}

/** Returns the first passage of each object. */
function byObject(passages: readonly Passage[]): readonly Passage[] {
  const seen = new Map<string, Passage>();
  for (const passage of passages) if (!seen.has(passage.documentId)) seen.set(passage.documentId, passage);
  return [...seen.values()];
}

function viaOf({ via }: Passage, passages: readonly Passage[]): string | undefined {
  if (via === undefined) return undefined;
  const from = passages.find(({ documentId }) => documentId === via.documentId);
  return `${via.relation} of ${from === undefined ? "another object" : rowOfPassage(from).key}`;
}
