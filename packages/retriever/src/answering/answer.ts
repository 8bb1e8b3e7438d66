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
import type { ConversationTrace, ConversationTurn } from "./conversation/conversation-turn.ts";
import type { ContextCut } from "./prompt/format-context.ts";
import type { Relevance } from "./relevance/relevance.ts";
import type { RefusalLevel } from "./relevance/refusal-level.ts";

/** Records how an answer was made. */
export interface AnswerTrace {
  /** The passages that were found, with the search's own trace. */
  readonly retrieval: Retrieval;
  /** The question as the earlier turns completed it. Undefined if the call has no `history`. */
  readonly conversation?: ConversationTrace | undefined;
  /** The judgement that decided between an answer and a refusal. */
  readonly relevance: Relevance;
  /** The exact messages that the model received. Empty if no model was asked. */
  readonly messages: readonly ChatMessage[];
  /** The context's size in tokens, and the passages that had no room in it. */
  readonly context: { readonly tokens: number; readonly cut: readonly ContextCut[] };
  /** Numbers in the answer that stand for no source. */
  readonly invalidCitations: readonly number[];
  /**
   * True if the model was stopped because it repeated its last one to eight sentences three times in a row.
   * The answer then ends after the first round, although a stream has shown all three.
   */
  readonly endedInCircles: boolean;
  /** The model that answered, as its server names it. */
  readonly model?: string | undefined;
  /** Milliseconds that the retrieval took. */
  readonly retrieveMs: number;
  /** Milliseconds after the retrieval: the prompt and the model. 0 if no model was asked. */
  readonly generateMs: number;
  /** Milliseconds of the whole call. */
  readonly totalMs: number;
}

/** An answerer's decision that the passages do not answer the question. */
export interface Refusal {
  /**
   * The cause. `nothing-found`: the search found no passage. `unknown-name`: the question names something
   * that no document contains. `unrelated`: the passages are most likely about something else. `declined`:
   * the model says that its sources do not answer.
   */
  readonly reason: "nothing-found" | "unknown-name" | "unrelated" | "declined";
  /** Names in the question that no document contains. */
  readonly unknownNames: readonly string[];
  /** The nearest passages, best first, at most three. They show a reader where to look. */
  readonly nearest: readonly Citation[];
}

/** A question, its answer, and the citations that the answer rests on. Plain data. */
export interface Answer {
  /** The question as it was asked. `trace.conversation` has the form that was searched. */
  readonly question: string;
  /** The text as it was generated or extracted, with markers such as `[1]`. */
  readonly answer: string;
  /**
   * `generated`: written by a model. `extractive`: sentences of the documents. `none`: the question was
   * refused.
   */
  readonly mode: "generated" | "extractive" | "none";
  /** The ranges that the answer rests on, by ascending number. Empty if no sentence could be attributed. */
  readonly citations: readonly AnswerCitation[];
  /**
   * The passages that the answer was made from, cited or not. Empty if the question was refused without a
   * model.
   */
  readonly sources: readonly Citation[];
  /** The reason and the nearest passages. Defined exactly if the mode is `none`. */
  readonly refusal?: Refusal | undefined;
  /**
   * The probability, 0 to 1, that the passages contain the answer, judged by words and vectors. The decision
   * to refuse uses the same figure. It does not judge the model's text. Undefined if the mode is `none` or
   * the retriever gives no evidence.
   */
  readonly confidence?: number | undefined;
  readonly trace: AnswerTrace;
  readonly usage?: GenerationUsage | undefined;
  readonly finishReason?: FinishReason | undefined;
}

/**
 * One event of an answer. `retrieval` comes first and `finish` last, each once. Some templates open the reasoning
 * in the prompt, and the model then writes only the closing tag. Such reasoning comes as `text`, because it is
 * known only at that tag. The answer of `finish` does not have it, so show that answer at the end.
 */
export type AnswerEvent =
  | { readonly type: "retrieval"; readonly retrieval: Retrieval; readonly sources: readonly Citation[] }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "finish"; readonly answer: Answer };

/**
 * A stream of an answer's events, which can be iterated once. It ends after `finish` or throws. Leaving the
 * loop stops the model.
 */
export interface AnswerStream extends AsyncIterable<AnswerEvent> {
  /**
   * The whole answer. Reads the stream itself unless the caller iterates. It never causes an unhandled
   * rejection.
   */
  readonly result: Promise<Answer>;
}

/** Options of {@link Answerer.answer} and {@link Answerer.stream}. */
export interface AnswerOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Maximum number of hits to answer from. @default the retriever's own */
  readonly limit?: number | undefined;
  readonly filter?: Filter<M> | undefined;
  /**
   * The earlier turns of the conversation, oldest first. A follow-up such as "And how are they deleted?" becomes
   * a question of its own, which is searched and judged. @default none
   */
  readonly history?: readonly ConversationTurn[] | undefined;
  /**
   * The level at which the question is refused, or the least confidence from 0 to 1.
   * @default the answerer's own
   */
  readonly refuse?: RefusalLevel | number | undefined;
}

/** Answers questions from documents, and refuses questions that the documents do not answer. */
export interface Answerer<M extends Metadata = Metadata> {
  /**
   * Resolves to the whole answer. A refusal is no error: it resolves to an answer of mode `none`.
   */
  answer(question: string, options?: AnswerOptions<M>): Promise<Answer>;
  /**
   * Streams the answer. The work begins when the stream is first read or its `result` is awaited. Throws a
   * `ConfigurationError` at once if an argument is wrong.
   */
  stream(question: string, options?: AnswerOptions<M>): AnswerStream;
}

/** The text of a refusal. The default prompt asks the model to decline in the same words. */
export const nothingAnswersThat: string = "Nothing in these documents answers that.";
