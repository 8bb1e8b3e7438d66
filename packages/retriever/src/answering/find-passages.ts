import type { CallOptions, Metadata, Retrieval, Retriever } from "@binnacle/core";
import type { Answer, AnswerEvent, AnswerOptions } from "./answer.ts";
import type { UnderstoodQuestion } from "./conversation/understand-question.ts";
import { assessRelevance } from "./relevance/assess-relevance.ts";
import type { Relevance } from "./relevance/relevance.ts";
import type { RefusalLevel } from "./relevance/refusal-level.ts";

/** A question, the passages that were found for it, and their relevance. */
export interface FoundPassages {
  readonly understood: UnderstoodQuestion;
  readonly retrieval: Retrieval;
  readonly relevance: Relevance;
  /** Milliseconds that the retrieval and the judgement took. */
  readonly retrieveMs: number;
}

/** An answerer's retriever and refusal level. */
export interface PassageFinder<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  readonly refuse: RefusalLevel | number;
}

/** Retrieves passages for a question and judges whether they are about it. */
export async function findPassages<M extends Metadata>(
  finder: PassageFinder<M>,
  understood: UnderstoodQuestion,
  { limit, filter, refuse = finder.refuse }: AnswerOptions<M>,
  call: CallOptions,
): Promise<FoundPassages> {
  const startedAt = performance.now();
  const search = { ...call, limit, filter, evidence: true };
  const retrieval = await finder.retriever.retrieve(understood.question, search);
  const relevance = assessRelevance(retrieval, { refuse });
  return { understood, retrieval, relevance, retrieveMs: performance.now() - startedAt };
}

/** Yields the events of a stream for an answer that is already complete. */
export function* eventsOf(answer: Answer): Generator<AnswerEvent, void> {
  yield { type: "retrieval", retrieval: answer.trace.retrieval, sources: answer.sources };
  yield { type: "text", text: answer.answer };
  yield { type: "finish", answer };
}
