import { nothingAnswersThat, type Answer, type AnswerTrace, type Refusal } from "./answer.ts";
import { citePassage, type Citation } from "./citations/citation.ts";
import type { FoundPassages } from "./find-passages.ts";

/** The parts of an answer beside the passages that were found for it. */
export interface AnswerParts extends Pick<
  Answer,
  "answer" | "mode" | "citations" | "sources" | "usage" | "finishReason"
> {
  /** The reason and the nearest passages. Defined exactly if the mode is `none`. */
  readonly refusal?: Refusal | undefined;
  /** The part of the trace that comes from the model. @default no model was asked */
  readonly trace?: ModelTrace | undefined;
}

type ModelTrace = Pick<AnswerTrace, "messages" | "context" | "invalidCitations" | "endedInCircles" | "model">;

const noModel: ModelTrace = {
  messages: [],
  context: { tokens: 0, cut: [] },
  invalidCitations: [],
  endedInCircles: false,
};

/** Builds an answer of any mode. An answer of mode `none` has no confidence. */
export function buildAnswer(found: FoundPassages, { trace = noModel, ...parts }: AnswerParts): Answer {
  const { understood, retrieval, relevance, retrieveMs } = found;
  const { asked: question, trace: conversation, startedAt } = understood;
  const totalMs = performance.now() - startedAt;
  const generateMs = trace === noModel ? 0 : totalMs - retrieveMs - (conversation?.rewriteMs ?? 0);
  return {
    question,
    ...parts,
    confidence: parts.mode === "none" ? undefined : relevance.confidence,
    trace: { retrieval, conversation, relevance, ...trace, retrieveMs, generateMs, totalMs },
  };
}

/** Builds the refusal of a question for which the search found nothing relevant. */
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

/** The most passages in a refusal. More do not help a reader who looks for the right page. */
const mostNearest = 3;

/** Makes a refusal that shows the first three of the nearest passages. */
export function refusalOf(
  reason: Refusal["reason"],
  nearest: readonly Citation[],
  unknownNames: readonly string[],
): Refusal {
  return { reason, unknownNames, nearest: nearest.slice(0, mostNearest) };
}
