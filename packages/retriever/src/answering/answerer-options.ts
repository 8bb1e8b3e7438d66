import {
  ConfigurationError,
  type InferenceBackend,
  type Metadata,
  type Retriever,
  type Tokenizer,
} from "@binnacle/core";
import { callOptionsFields, describeValue, parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import { filterField } from "../retrieval/retriever-options.ts";
import { createCautiousTokenizer } from "./prompt/cautious-tokenizer.ts";
import { isRefusalLevel, type RefusalLevel } from "./relevance/refusal-level.ts";
import { defaultPrompt, type PromptBuilder } from "./prompt/prompts.ts";

/** Options of {@link createAnswerer}. Other sampling options than the temperature are left to the server. */
export interface AnswererOptions<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  readonly backend: InferenceBackend;
  /** Makes the messages. @default defaultPrompt */
  readonly prompt?: PromptBuilder | undefined;
  /** Most tokens of context in the prompt; less where the model takes less. @default 3000 */
  readonly maxContextTokens?: number | undefined;
  /** Counts the context. @default an estimate, on the high side for English; the whole prompt is counted by the server
   * where it can, and fitted to that */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /** When a question is refused before the model is asked: a level, or the least confidence from 0 to 1. A model can decline
   * by itself, so only clear cases are refused early. @default "clear" */
  readonly refuse?: RefusalLevel | number | undefined;
  /** Most milliseconds for the whole call, retrieval included. @default none but the call's own deadline */
  readonly timeoutMs?: number | undefined;
  /** Most tokens of the answer. @default 1024, or a quarter of the model's context where that is less */
  readonly maxTokens?: number | undefined;
  /** An answer from given sources needs no invention, and the same question should get the same answer. @default 0 */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: readonly string[] | undefined;
}

/** Options of {@link createExtractiveAnswerer}. */
export interface ExtractiveAnswererOptions<M extends Metadata = Metadata> {
  readonly retriever: Retriever<Metadata, M>;
  /** Most sentences in an answer. @default 3 */
  readonly maxSentences?: number | undefined;
  /** When a question is refused: a level, or the least confidence from 0 to 1. @default "strict" */
  readonly refuse?: RefusalLevel | number | undefined;
  /** Most milliseconds for the whole call. @default none but the call's own deadline */
  readonly timeoutMs?: number | undefined;
}

const isFunction = (value: unknown): boolean => typeof value === "function";

const refuseField = z.custom<RefusalLevel | number>(
  (value) => isRefusalLevel(value) || (typeof value === "number" && value >= 0 && value <= 1),
  {
    error: ({ input }) =>
      `expected "off", "clear", "strict" or the least confidence from 0 to 1, got ${describeValue(input)}`,
  },
);

const common = {
  retriever: part<Retriever>(["retrieve"], "a Retriever, such as createRetriever({ store, index })"),
  timeoutMs: z.number().positive().optional(),
};

const answererSchema = z.strictObject({
  ...common,
  refuse: refuseField.default("clear"),
  backend: part<InferenceBackend>(["stream"], "an InferenceBackend, such as new LlamaCppBackend({ url })"),
  prompt: z.custom<PromptBuilder>(isFunction, "expected (question, context) => messages").optional(),
  maxContextTokens: z.int().positive().default(3000),
  tokenizer: part<Pick<Tokenizer, "count">>(
    ["count"],
    "a Tokenizer, such as await createTokenizer()",
  ).optional(),
  maxTokens: z.int().positive().optional(),
  temperature: z.number().nonnegative().default(0),
  topP: z.number().positive().max(1).optional(),
  seed: z.int().optional(),
  stop: z.array(z.string().min(1)).optional(),
});

const extractiveSchema = z.strictObject({
  ...common,
  refuse: refuseField.default("strict"),
  maxSentences: z.int().positive().default(3),
});

/** Options of {@link createAnswerer} that have defaults, with them. */
export interface ParsedAnswererOptions extends Omit<AnswererOptions, "retriever"> {
  readonly prompt: PromptBuilder;
  readonly maxContextTokens: number;
  readonly tokenizer: Pick<Tokenizer, "count">;
  readonly refuse: RefusalLevel | number;
}

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseAnswererOptions(options: unknown): ParsedAnswererOptions {
  const parsed = parseOptions("createAnswerer", answererSchema, options);
  const { prompt = defaultPrompt, tokenizer = createCautiousTokenizer() } = parsed;
  return { ...parsed, prompt, tokenizer };
}

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseExtractiveAnswererOptions(options: unknown): {
  readonly maxSentences: number;
  readonly refuse: RefusalLevel | number;
  readonly timeoutMs?: number | undefined;
} {
  return parseOptions("createExtractiveAnswerer", extractiveSchema, options);
}

const callSchema = z.strictObject({
  ...callOptionsFields,
  limit: z.int().positive().optional(),
  filter: filterField,
  refuse: refuseField.optional(),
});

/** Throws a `ConfigurationError` unless this is a question with options of the {@link Answerer}'s method. */
export function checkQuestion(method: "answer" | "stream", question: unknown, options: unknown): void {
  if (typeof question !== "string")
    throw new ConfigurationError(`${method}: question: expected a string, got ${describeValue(question)}`);
  parseOptions(method, callSchema, options);
}
