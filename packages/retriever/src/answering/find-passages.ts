import type { CallOptions, Metadata, Retrieval, Retriever } from "@binnacle/core";
import { nothingAnswersThat, type Answer, type AnswerEvent, type AnswerOptions } from "./answer.ts";
import { buildAnswer } from "./build-answer.ts";
import { assessRelevance, type Relevance } from "./relevance/assess-relevance.ts";

/** A question and what was found for it. */
export interface FoundPassages {
  readonly question: string;
  readonly retrieval: Retrieval;
  readonly relevance: Relevance;
  /** When the call began, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly retrieveMs: number;
}

/** What both answerers look with. */
export interface PassageFinder<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  readonly minCoverage?: number | undefined;
}

/** The first half of every answer: retrieve, and judge whether that is about the question at all. */
export async function findPassages<M extends Metadata>(
  { retriever, minCoverage }: PassageFinder<M>,
  question: string,
  { limit, filter }: AnswerOptions<M>,
  call: CallOptions,
): Promise<FoundPassages> {
  const startedAt = performance.now();
  const retrieval = await retriever.retrieve(question, { ...call, limit, filter, terms: true });
  const relevance = assessRelevance(retrieval, { minCoverage });
  return { question, retrieval, relevance, startedAt, retrieveMs: performance.now() - startedAt };
}

/** The answer when nothing relevant was found. No model is asked. */
export function refusal(found: FoundPassages): Answer {
  return buildAnswer(found, { answer: nothingAnswersThat, mode: "none", citations: [], sources: [] });
}

/** An answer that is known at once, as a stream would tell it. */
export function* eventsOf(answer: Answer): Generator<AnswerEvent, void> {
  yield { type: "retrieval", retrieval: answer.trace.retrieval, sources: answer.sources };
  yield { type: "text", text: answer.answer };
  yield { type: "finish", answer };
}
