import type { AssistantAnswer, AnswerSource } from "./assistant-answer.ts";
import type { Asking } from "./assistant.ts";
import { citedName, type ObjectRow } from "./object-row.ts";
import type { ParsedQuestion } from "./parse-question.ts";

/** The parts of an answer that each route finds. */
export interface AnswerParts extends Pick<AssistantAnswer, "mode" | "text" | "sources" | "cut"> {
  readonly count?: number | undefined;
  readonly usedTokens: number;
  /** Types that the answer is about. Warnings name only these. @default all types */
  readonly resources?: readonly string[] | undefined;
}

/** Completes an answer with the warnings that belong to it. */
export function finishAnswer(
  question: ParsedQuestion,
  { freshness, access, budget }: Pick<Asking, "freshness" | "access" | "budget">,
  { usedTokens, resources, count, ...parts }: AnswerParts,
): AssistantAnswer {
  const withheld =
    access.withheld === 0 ? [] : [`${access.withheld} objects are left out, because you may not read them.`];
  const unchecked =
    access.unchecked === 0
      ? []
      : [`${access.unchecked} objects are left out, because one question checks 500 objects. Narrow it.`];
  const unknown = question.unknownNamespaces.map((name) => `The index has no namespace "${name}".`);
  return {
    question: question.text,
    route: question.route,
    ...parts,
    ...(count === undefined ? {} : { count }),
    warnings: [...unknown, ...withheld, ...unchecked, ...freshness.warnings(resources)],
    tokens: { used: usedTokens, budget },
  };
}

/** Returns an object as a source. */
export function sourceOf(
  row: ObjectRow,
  { freshness }: Pick<Asking, "freshness">,
  via?: string,
): AnswerSource {
  return { object: citedName(row), age: freshness.of(row), ...(via === undefined ? {} : { via }) };
}
