import {
  InvalidResponseError,
  type GenerateRequest,
  type InferenceBackend,
  type Metadata,
} from "@binnacle/core";
import type { Answer, AnswerEvent, AnswerOptions, Answerer } from "./answer.ts";
import type { ConversationTurn } from "./conversation/conversation-turn.ts";
import {
  checkQuestion,
  parseAnswererOptions,
  type AnswererOptions,
  type ParsedAnswererOptions,
} from "./answerer-options.ts";
import { buildAnswer, refusalOf, refuse } from "./build-answer.ts";
import { citeAnswer } from "./citations/cite-answer.ts";
import { recentTurns } from "./conversation/recent-turns.ts";
import { understandQuestion, type UnderstoodQuestion } from "./conversation/understand-question.ts";
import { createAnswerStream } from "./create-answer-stream.ts";
import { declines } from "./generation/declines.ts";
import { fitPrompt, type FittedPrompt } from "./prompt/fit-prompt.ts";
import { eventsOf, findPassages, type FoundPassages, type PassageFinder } from "./find-passages.ts";
import { startCall, type OngoingCall } from "./ongoing-call.ts";
import { readGeneration, type ReadGeneration } from "./generation/read-generation.ts";

/** The parts that every call of one answerer shares. */
interface Setting<M extends Metadata> {
  readonly finder: PassageFinder<M>;
  readonly backend: InferenceBackend;
  readonly parsed: ParsedAnswererOptions;
}

/**
 * A question with its passages and the request to the model. `asked` is undefined if the question is refused.
 */
interface Prepared {
  readonly found: FoundPassages;
  readonly asked?: { readonly fitted: FittedPrompt; readonly request: GenerateRequest } | undefined;
}

/**
 * Creates an answerer that lets a model write answers from the retrieved passages. It refuses questions that
 * the documents are not about, and checks the answer's citations. One deadline covers the whole call. If it
 * passes, the `TimeoutError` names the phase. An empty reply rejects with `InvalidResponseError`.
 */
export function createAnswerer<M extends Metadata = Metadata>(options: AnswererOptions<M>): Answerer<M> {
  const parsed = parseAnswererOptions(options);
  const { retriever, backend } = options;
  const setting: Setting<M> = { finder: { retriever, refuse: parsed.refuse }, backend, parsed };
  return {
    answer: async (question, callOptions = {}) => {
      checkQuestion("answer", question, callOptions);
      return answer(setting, question, callOptions);
    },
    stream: (question, callOptions = {}) => {
      checkQuestion("stream", question, callOptions);
      return createAnswerStream(callOptions.signal, (signal) =>
        events(setting, question, { ...callOptions, signal }, "stream"),
      );
    },
  };
}

async function answer<M extends Metadata>(
  setting: Setting<M>,
  question: string,
  options: AnswerOptions<M>,
): Promise<Answer> {
  for await (const event of events(setting, question, options, "answer")) {
    if (event.type === "finish") return event.answer;
  }
  throw new Error("The answer's events ended without `finish`. This is a bug in createAnswerer.");
}

async function* events<M extends Metadata>(
  setting: Setting<M>,
  question: string,
  options: AnswerOptions<M>,
  label: "answer" | "stream",
): AsyncGenerator<AnswerEvent, void> {
  const call = startCall(label, options, setting.parsed.timeoutMs);
  try {
    const { found, asked } = await prepare(setting, question, options, call);
    if (asked === undefined) return yield* eventsOf(refuse(found));
    yield { type: "retrieval", retrieval: found.retrieval, sources: asked.fitted.context.citations };
    call.enter("generate");
    const generation = yield* readGeneration(setting.backend, asked.request, {
      asked: [question, found.understood.question],
      options: call.options,
    });
    yield { type: "finish", answer: finish(found, asked.fitted, generation) };
  } finally {
    call.end();
  }
}

/** The part of the model's window that earlier turns may take, as a divisor. */
const historyShare = 4;

/** Makes a follow-up into a question of its own, with the turns that have room. */
async function understand<M extends Metadata>(
  { backend, parsed }: Setting<M>,
  question: string,
  history: readonly ConversationTurn[],
  call: OngoingCall,
): Promise<UnderstoodQuestion> {
  if (history.length === 0) return understandQuestion({ question, history }, call.options);
  call.enter("rewrite");
  const { contextTokens = Infinity } = await backend.capabilities(call.options);
  const budget = Math.min(parsed.maxHistoryTokens, Math.floor(contextTokens / historyShare));
  const recent = recentTurns(history, budget, parsed.tokenizer);
  const model = { backend, seed: parsed.seed, recent };
  return understandQuestion({ question, history, model }, call.options);
}

async function prepare<M extends Metadata>(
  setting: Setting<M>,
  question: string,
  options: AnswerOptions<M>,
  call: OngoingCall,
): Promise<Prepared> {
  const { finder, backend, parsed } = setting;
  const understood = await understand(setting, question, options.history ?? [], call);
  call.enter("retrieve");
  const found = await findPassages(finder, understood, options, call.options);
  if (!found.relevance.relevant) return { found };
  const { prompt, maxContextTokens, tokenizer, maxTokens, temperature, topP, seed, stop } = parsed;
  call.enter("prompt");
  const fitted = await fitPrompt(
    {
      question: understood.question,
      turns: understood.turns,
      retrieval: found.retrieval,
      prompt,
      backend,
      maxContextTokens,
      maxTokens,
      tokenizer,
    },
    call.options,
  );
  const request = {
    messages: fitted.messages,
    maxTokens: fitted.answerTokens,
    temperature,
    topP,
    seed,
    stop,
  };
  return { found, asked: { fitted, request } };
}

function emptyAnswer({ model, finishReason }: ReadGeneration): InvalidResponseError {
  const wayOut = finishReason === "length" ? "Raise `maxTokens`." : "Ask again, or use another model.";
  const ending = finishReason === undefined ? "it repeated itself" : `finish reason "${finishReason}"`;
  return new InvalidResponseError(
    `createAnswerer: model "${model}" returned an empty answer (${ending}). ${wayOut}`,
  );
}

function finish(
  found: FoundPassages,
  { context, messages }: FittedPrompt,
  generation: ReadGeneration,
): Answer {
  const { text, usage, finishReason, model } = generation;
  if (text.trim() === "") throw emptyAnswer(generation);
  const declined = declines(text, context.citations.length);
  const { citations, invalidCitations } = citeAnswer({
    question: found.understood.question,
    answer: text,
    sources: context.citations,
  });
  return buildAnswer(found, {
    answer: text,
    mode: declined ? "none" : "generated",
    citations: declined ? [] : citations,
    sources: context.citations,
    refusal: declined ? refusalOf("declined", context.citations, found.relevance.unknownNames) : undefined,
    trace: {
      messages,
      context: { tokens: context.tokens, cut: context.cut },
      invalidCitations,
      endedInCircles: generation.finishReason === undefined,
      model,
    },
    usage,
    finishReason,
  });
}
