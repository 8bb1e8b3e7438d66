import type { Answer, AnswerTrace } from "./answer.ts";
import type { FoundPassages } from "./find-passages.ts";
import { confidenceOf } from "./relevance/confidence.ts";

/** What an answer adds to the passages that were found for it. */
export interface AnswerParts extends Omit<Answer, "question" | "confidence" | "trace"> {
  /** What a model was asked and how it replied. @default no model was asked */
  readonly trace?: ModelTrace | undefined;
}

type ModelTrace = Pick<AnswerTrace, "messages" | "context" | "invalidCitations" | "endedInCircles" | "model">;

const noModel: ModelTrace = {
  messages: [],
  context: { tokens: 0, cut: [] },
  invalidCitations: [],
  endedInCircles: false,
};

/** Builds every kind of answer: generated, extractive, and none. An answer of mode `none` has no confidence. */
export function buildAnswer(found: FoundPassages, { trace = noModel, ...parts }: AnswerParts): Answer {
  const { question, retrieval, relevance, startedAt, retrieveMs } = found;
  const totalMs = performance.now() - startedAt;
  const generateMs = trace === noModel ? 0 : totalMs - retrieveMs;
  return {
    question,
    ...parts,
    confidence: parts.mode === "none" ? undefined : confidenceOf(retrieval, relevance),
    trace: { retrieval, relevance, ...trace, retrieveMs, generateMs, totalMs },
  };
}
