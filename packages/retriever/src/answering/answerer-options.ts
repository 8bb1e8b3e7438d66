import {
  ConfigurationError,
  type InferenceBackend,
  type Metadata,
  type Retriever,
  type Tokenizer,
} from "@binnacle/core";
import { callOptionsFields, describeValue, parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";
import { filterField } from "../retrieval/retriever-options.ts";
import { historyField } from "./conversation/conversation-turn.ts";
import { createCautiousTokenizer } from "./prompt/cautious-tokenizer.ts";
import { refuseField, type RefusalLevel } from "./relevance/refusal-level.ts";
import { defaultPrompt, type PromptBuilder } from "./prompt/prompts.ts";

/** Options of {@link createAnswerer}. A sampling option without a default is left to the server. */
export interface AnswererOptions<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  readonly backend: InferenceBackend;
  /** Builds the messages that the model reads. @default defaultPrompt */
  readonly prompt?: PromptBuilder | undefined;
  /**
   * Maximum number of context tokens in the prompt. A smaller window of the model reduces it.
   * @default 3000
   */
  readonly maxContextTokens?: number | undefined;
  /**
   * Maximum number of tokens of earlier turns in the prompt. Only whole turns are sent, the newest ones. They
   * take at most a quarter of the model's window. @default 1500
   */
  readonly maxHistoryTokens?: number | undefined;
  /**
   * Counts the tokens of context and history. If the server counts tokens, the whole prompt is also fitted to the server's
   * count.
   * @default an estimate that is rather high for English
   */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /**
   * The level at which a question is refused before the model is asked, or the least confidence from 0 to 1.
   * The default refuses only clear cases, because the model can decline too. @default "clear"
   */
  readonly refuse?: RefusalLevel | number | undefined;
  /** Maximum milliseconds for the whole call, retrieval included. @default only the call's own deadline */
  readonly timeoutMs?: number | undefined;
  /**
   * Maximum number of tokens in the answer.
   * @default 1024, or a quarter of the model's context if that is less
   */
  readonly maxTokens?: number | undefined;
  /** The model's sampling temperature. At 0 the same question usually gets the same answer. @default 0 */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: readonly string[] | undefined;
}

/** Options of {@link createExtractiveAnswerer}. */
export interface ExtractiveAnswererOptions<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  /** Maximum number of sentences in an answer. @default 3 */
  readonly maxSentences?: number | undefined;
  /** The level at which a question is refused, or the least confidence from 0 to 1. @default "strict" */
  readonly refuse?: RefusalLevel | number | undefined;
  /** Maximum milliseconds for the whole call. @default only the call's own deadline */
  readonly timeoutMs?: number | undefined;
}

const isFunction = (value: unknown): boolean => typeof value === "function";

const common = once(() => ({
  retriever: part<Retriever>(["retrieve"], "a Retriever, such as createRetriever({ store, index })"),
  timeoutMs: z.number().positive().optional(),
}));

const answererSchema = once(() =>
  z.strictObject({
    ...common(),
    refuse: refuseField().default("clear"),
    backend: part<InferenceBackend>(["stream"], "an InferenceBackend, such as new LlamaCppBackend({ url })"),
    prompt: z
      .custom<PromptBuilder>(isFunction, "expected (question, context, history) => messages")
      .optional(),
    maxContextTokens: z.int().positive().default(3000),
    maxHistoryTokens: z.int().nonnegative().default(1500),
    tokenizer: part<Pick<Tokenizer, "count">>(
      ["count"],
      "a Tokenizer, such as await createTokenizer()",
    ).optional(),
    maxTokens: z.int().positive().optional(),
    temperature: z.number().nonnegative().default(0),
    topP: z.number().positive().max(1).optional(),
    seed: z.int().optional(),
    stop: z.array(z.string().min(1)).optional(),
  }),
);

const extractiveSchema = once(() =>
  z.strictObject({
    ...common(),
    refuse: refuseField().default("strict"),
    maxSentences: z.int().positive().default(3),
  }),
);

/** The options of {@link createAnswerer} with defaults filled in, without the retriever. */
export interface ParsedAnswererOptions extends Omit<AnswererOptions, "retriever"> {
  readonly prompt: PromptBuilder;
  readonly maxContextTokens: number;
  readonly maxHistoryTokens: number;
  readonly tokenizer: Pick<Tokenizer, "count">;
  readonly refuse: RefusalLevel | number;
}

/**
 * Checks the options of {@link createAnswerer} and fills in defaults. Throws a `ConfigurationError` that
 * lists every issue.
 */
export function parseAnswererOptions(options: unknown): ParsedAnswererOptions {
  const parsed = parseOptions("createAnswerer", answererSchema(), options);
  const { prompt = defaultPrompt, tokenizer = createCautiousTokenizer() } = parsed;
  return { ...parsed, prompt, tokenizer };
}

/**
 * Checks the options of {@link createExtractiveAnswerer} and fills in defaults. Throws a `ConfigurationError`
 * that lists every issue.
 */
export function parseExtractiveAnswererOptions(options: unknown): {
  readonly maxSentences: number;
  readonly refuse: RefusalLevel | number;
  readonly timeoutMs?: number | undefined;
} {
  return parseOptions("createExtractiveAnswerer", extractiveSchema(), options);
}

const callSchema = once(() =>
  z.strictObject({
    ...callOptionsFields,
    limit: z.int().positive().optional(),
    filter: filterField(),
    history: historyField(),
    refuse: refuseField().optional(),
  }),
);

/**
 * Throws a `ConfigurationError` unless the question is a string and the options suit the {@link Answerer}'s
 * method.
 */
export function checkQuestion(method: "answer" | "stream", question: unknown, options: unknown): void {
  if (typeof question !== "string")
    throw new ConfigurationError(`${method}: question: expected a string, got ${describeValue(question)}`);
  parseOptions(method, callSchema(), options);
}
