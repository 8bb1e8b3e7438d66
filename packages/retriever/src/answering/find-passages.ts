import type { CallOptions, Metadata, Retrieval, Retriever } from "@binnacle/core";
import type { Answer, AnswerEvent, AnswerOptions } from "./answer.ts";
import { assessRelevance } from "./relevance/assess-relevance.ts";
import type { Relevance } from "./relevance/relevance.ts";
import type { RefusalLevel } from "./relevance/refusal-level.ts";

/** A question and what was found for it. */
export interface FoundPassages {
  readonly question: string;
  readonly retrieval: Retrieval;
  readonly relevance: Relevance;
  /** When the call began, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly retrieveMs: number;
}

/** The retriever and the level of refusal of an answerer. */
export interface PassageFinder<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  readonly refuse: RefusalLevel | number;
}

/** The first half of every answer: retrieve, and judge whether that is about the question at all. */
export async function findPassages<M extends Metadata>(
  finder: PassageFinder<M>,
  question: string,
  { limit, filter, refuse = finder.refuse }: AnswerOptions<M>,
  call: CallOptions,
): Promise<FoundPassages> {
  const startedAt = performance.now();
  const retrieval = await finder.retriever.retrieve(question, { ...call, limit, filter, evidence: true });
  const relevance = assessRelevance(retrieval, { refuse });
  return { question, retrieval, relevance, startedAt, retrieveMs: performance.now() - startedAt };
}

/** An answer that is known at once, as a stream would tell it. */
export function* eventsOf(answer: Answer): Generator<AnswerEvent, void> {
  yield { type: "retrieval", retrieval: answer.trace.retrieval, sources: answer.sources };
  yield { type: "text", text: answer.answer };
  yield { type: "finish", answer };
}
