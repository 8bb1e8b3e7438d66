import { nothingAnswersThat, type Answer, type AnswerTrace, type Refusal } from "./answer.ts";
import { citePassage, type Citation } from "./citations/citation.ts";
import type { FoundPassages } from "./find-passages.ts";

/** The parts of an answer beside the passages that were found for it. */
export interface AnswerParts extends Pick<
  Answer,
  "answer" | "mode" | "citations" | "sources" | "usage" | "finishReason"
> {
  /** Why a model refused. */
  readonly refusal?: Refusal | undefined;
  /** The messages to a model and its reply. @default no model was asked */
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
    confidence: parts.mode === "none" ? undefined : relevance.confidence,
    trace: { retrieval, relevance, ...trace, retrieveMs, generateMs, totalMs },
  };
}

/** The answer when the search found nothing relevant. No model is asked. */
export function refuse(found: FoundPassages): Answer {
  const { retrieval, relevance } = found;
  const { reason, unknownNames } = relevance;
  const nearest = retrieval.passages.map((passage, index) => citePassage(passage, index + 1));
  return buildAnswer(found, {
    answer: nothingAnswersThat,
    mode: "none",
    citations: [],
    sources: [],
    refusal: refusalOf(
      reason === "confidence" || reason === "not-measured" ? "unrelated" : reason,
      nearest,
      unknownNames,
    ),
  });
}

/** More passages than this do not help a reader who looks for the right page. */
const mostNearest = 3;

/** Why nothing answers a question, with the passages that come nearest. */
export function refusalOf(
  reason: Refusal["reason"],
  nearest: readonly Citation[],
  unknownNames: readonly string[],
): Refusal {
  return { reason, unknownNames, nearest: nearest.slice(0, mostNearest) };
}
