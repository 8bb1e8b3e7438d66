import type {
  CallOptions,
  ChatMessage,
  Filter,
  FinishReason,
  GenerationUsage,
  Metadata,
  Retrieval,
} from "@binnacle/core";
import type { AnswerCitation, Citation } from "./citations/citation.ts";
import type { ContextCut } from "./prompt/format-context.ts";
import type { Relevance } from "./relevance/relevance.ts";
import type { RefusalLevel } from "./relevance/refusal-level.ts";

/** How an answer came about. */
export interface AnswerTrace {
  /** Everything that was found, with the trace of how. */
  readonly retrieval: Retrieval;
  /** Why the question was answered or refused. */
  readonly relevance: Relevance;
  /** The exact messages that the model was given; empty where none was asked. */
  readonly messages: readonly ChatMessage[];
  /** Tokens of the context, and what had no room in it. */
  readonly context: { readonly tokens: number; readonly cut: readonly ContextCut[] };
  /** Numbers in the answer that stand for no source. */
  readonly invalidCitations: readonly number[];
  /** True if the model was stopped because it repeated itself, as small models do: its last one to eight sentences were the
   * same three times in a row. The answer then ends with the first of them, though a stream showed all three. */
  readonly endedInCircles: boolean;
  /** The model that answered, as its server names it. */
  readonly model?: string | undefined;
  /** Measured durations. */
  readonly retrieveMs: number;
  readonly generateMs: number;
  readonly totalMs: number;
}

/** Why nothing answers a question, and which passages come nearest. */
export interface Refusal {
  /**
   * `nothing-found`: the search found no passage. `unknown-name`: the question names something that no document has.
   * `unrelated`: what was found is most likely about something else. `declined`: the model says that its sources do not answer.
   */
  readonly reason: "nothing-found" | "unknown-name" | "unrelated" | "declined";
  /** Words of the question that name something and that no document has. */
  readonly unknownNames: readonly string[];
  /** The passages that come nearest, best first, at most three. They do not answer, but show where to look. */
  readonly nearest: readonly Citation[];
}

/** A question, its answer, and what it rests on. Plain data. */
export interface Answer {
  readonly question: string;
  /** As it was generated or extracted, markers such as `[1]` included. */
  readonly answer: string;
  /** `generated` by a model, `extractive`: sentences of the documents, `none`: the documents do not answer this. */
  readonly mode: "generated" | "extractive" | "none";
  /** The ranges that the answer rests on, by number. Empty if nothing could be attributed. */
  readonly citations: readonly AnswerCitation[];
  /** The passages that the answer was made from, cited or not. */
  readonly sources: readonly Citation[];
  /** Why nothing answers the question. Defined exactly with mode `none`. */
  readonly refusal?: Refusal | undefined;
  /**
   * How likely it is that the passages found hold the answer, 0 to 1, judged by words and by vectors: the same figure by which
   * a question is refused. It says nothing of what a model made of the passages. Undefined with mode `none`, and if the
   * retriever gives no evidence.
   */
  readonly confidence?: number | undefined;
  readonly trace: AnswerTrace;
  readonly usage?: GenerationUsage | undefined;
  readonly finishReason?: FinishReason | undefined;
}

/** One event of an answer: `retrieval` once first, `finish` once last. */
export type AnswerEvent =
  | { readonly type: "retrieval"; readonly retrieval: Retrieval; readonly sources: readonly Citation[] }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "finish"; readonly answer: Answer };

/**
 * An answer under way. Iterating ends after `finish` or throws. Leaving the loop stops the model. It can be iterated once.
 */
export interface AnswerStream extends AsyncIterable<AnswerEvent> {
  /** The whole answer. Reads the stream itself unless the caller iterates; never an unhandled rejection. */
  readonly result: Promise<Answer>;
}

/** Options of {@link Answerer.answer} and {@link Answerer.stream}. */
export interface AnswerOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Most hits to answer from. @default the retriever's own */
  readonly limit?: number | undefined;
  readonly filter?: Filter<M> | undefined;
  /** When the question is refused. @default the answerer's own */
  readonly refuse?: RefusalLevel | number | undefined;
}

/** Answers questions from documents, and says so where they do not answer. */
export interface Answerer<M extends Metadata = Metadata> {
  /** The whole answer; one that the documents do not have is `nothingAnswersThat` with mode `none`, not an error. */
  answer(question: string, options?: AnswerOptions<M>): Promise<Answer>;
  /** Begins when the stream is first read or its `result` awaited. Throws a `ConfigurationError` at once if an argument is wrong. */
  stream(question: string, options?: AnswerOptions<M>): AnswerStream;
}

/** The answer where the documents have none. */
export const nothingAnswersThat: string = "Nothing in these documents answers that.";
