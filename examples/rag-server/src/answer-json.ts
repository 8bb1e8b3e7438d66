import type { Answer, Refusal } from "@binnacle/retriever";

/**
 * Reason why the model stopped: by itself, at its token limit, by its server's filter, or because it repeated
 * itself. All but `stop` mean that the answer is incomplete.
 */
export type AnswerEnd = "stop" | "length" | "content-filter" | "repeated";

/** The answer in every machine-readable output of this example. */
export interface AnswerJson {
  readonly question: string;
  /** The question as it was searched. Missing unless earlier turns changed it. */
  readonly completedQuestion?: string | undefined;
  readonly answer: string;
  readonly mode: "generated" | "extractive" | "none";
  /** Missing if no model was asked. */
  readonly finishReason?: AnswerEnd | undefined;
  /** Probability, 0 to 1, that the found passages hold the answer. Missing if it cannot be estimated. */
  readonly confidence?: number | undefined;
  readonly citations: readonly CitationJson[];
  /** Passages that the answer was made from, cited or not. */
  readonly sources: readonly SourceJson[];
  /** Reason for a refusal. Missing if there is an answer. */
  readonly refusal?: RefusalJson | undefined;
}

/** The reason for a refusal and the nearest passages. */
export interface RefusalJson extends Pick<Refusal, "reason" | "unknownNames"> {
  readonly nearest: readonly CitationJson[];
}

/** A range of a document. */
export interface SourceJson {
  readonly number: number;
  readonly documentId: string;
  /** The document's folder. Missing if the folder is no longer recorded. */
  readonly sourceId?: string | undefined;
  /** Headings above the passage, or its page, such as `page 2`. */
  readonly path?: readonly string[] | undefined;
  readonly start: number;
  readonly end: number;
}

/** One cited range; `text` is the document's text from `start` to `end`. */
export interface CitationJson extends SourceJson {
  readonly score: number;
  readonly text: string;
}

/** Copies the fields that are shown, because an answer holds more. */
export function answerJson({
  question,
  completedQuestion,
  answer,
  mode,
  finishReason,
  confidence,
  citations,
  sources,
  refusal,
}: AnswerJson): AnswerJson {
  return {
    question,
    completedQuestion,
    answer,
    mode,
    finishReason,
    confidence,
    citations: citations.map(citationJson),
    sources: sources.map(sourceJson),
    refusal: refusal && {
      reason: refusal.reason,
      unknownNames: refusal.unknownNames,
      nearest: refusal.nearest.map(citationJson),
    },
  };
}

function citationJson(citation: CitationJson): CitationJson {
  const { score, text } = citation;
  return { ...sourceJson(citation), score, text };
}

function sourceJson({ number, documentId, sourceId, path, start, end }: SourceJson): SourceJson {
  return { number, documentId, sourceId, path, start, end };
}

/** Returns the question as it was searched, if earlier turns changed it. */
export function completedQuestion({ trace }: Pick<Answer, "trace">): string | undefined {
  const { conversation } = trace;
  return conversation === undefined || conversation.by === "unchanged" ? undefined : conversation.question;
}

/** Combines the answer's finish reason and trace into one word. */
export function answerEnd({
  finishReason,
  trace,
}: Pick<Answer, "finishReason" | "trace">): AnswerEnd | undefined {
  if (trace.endedInCircles) return "repeated";
  return finishReason === "tool-calls" ? "stop" : finishReason; // answers are requested without tools
}
