import type { Answer, Refusal } from "@binnacle/retriever";

/** How the model came to its end: by itself, cut at the most tokens, filtered by its server, or stopped because it went in
 * circles. All but the first are answers that are not whole. */
export type AnswerEnd = "stop" | "length" | "content-filter" | "repeated";

/** The answer as every machine-readable output of this example shows it. */
export interface AnswerJson {
  readonly question: string;
  readonly answer: string;
  readonly mode: "generated" | "extractive" | "none";
  /** Missing where no model was asked. */
  readonly finishReason?: AnswerEnd | undefined;
  /** How likely it is that the passages found hold the answer, 0 to 1; missing where that cannot be told. */
  readonly confidence?: number | undefined;
  readonly citations: readonly CitationJson[];
  /** What the answer was made from, whether cited or not. */
  readonly sources: readonly SourceJson[];
  /** Why nothing answers the question; missing where something does. */
  readonly refusal?: RefusalJson | undefined;
}

/** Why nothing answers a question, and the passages that come nearest. */
export interface RefusalJson extends Pick<Refusal, "reason" | "unknownNames"> {
  readonly nearest: readonly CitationJson[];
}

/** A range of a document. */
export interface SourceJson {
  readonly number: number;
  readonly documentId: string;
  /** The folder it is in; missing where that is no longer recorded. */
  readonly sourceId?: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** One cited range; `text` is the document's text from `start` to `end`. */
export interface CitationJson extends SourceJson {
  readonly score: number;
  readonly text: string;
}

/** Only what is shown of an answer that knows more. */
export function answerJson({
  question,
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

function sourceJson({ number, documentId, sourceId, start, end }: SourceJson): SourceJson {
  return { number, documentId, sourceId, start, end };
}

/** In one word what the library's answer says in two places. */
export function answerEnd({
  finishReason,
  trace,
}: Pick<Answer, "finishReason" | "trace">): AnswerEnd | undefined {
  if (trace.endedInCircles) return "repeated";
  return finishReason === "tool-calls" ? "stop" : finishReason; // answers are asked for without tools
}
