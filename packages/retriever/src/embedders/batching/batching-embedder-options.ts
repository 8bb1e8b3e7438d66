import type { Tokenizer } from "@binnacle/core";
import { parseOptions, type Clock } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of `createBatchingEmbedder`. */
export interface BatchingEmbedderOptions {
  /** Most inputs in one batch. @default 32 */
  readonly maxItems?: number | undefined;
  /** Most tokens in one batch, unless one input alone has more. @default none */
  readonly maxTokens?: number | undefined;
  /** Most bytes of text and images in one batch, unless one input alone has more. @default 262_144 */
  readonly maxBytes?: number | undefined;
  /** How long an input waits for others, in milliseconds. @default 5 */
  readonly maxDelayMs?: number | undefined;
  /** Batches of one role under way at the same time. @default the `concurrency` that the embedder describes */
  readonly concurrency?: number | undefined;
  /** Most inputs of one role that wait; more reject with code `overloaded`. @default 10_000 */
  readonly maxWaiting?: number | undefined;
  /** Counts tokens for `maxTokens`. @default createEstimatingTokenizer() */
  readonly tokenizer?: Tokenizer | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Options with their defaults; `concurrency` has none, because the embedder is asked for it. */
export interface BatchingSettings extends BatchingEmbedderOptions {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxDelayMs: number;
  readonly maxWaiting: number;
}

const count = z.int().positive();
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const schema = z.strictObject({
  maxItems: count.default(32),
  maxTokens: count.optional(),
  maxBytes: count.default(262_144),
  maxDelayMs: z.number().min(0).default(5),
  concurrency: count.optional(),
  maxWaiting: count.default(10_000),
  tokenizer: z.custom<Tokenizer>(isObject, "must be a Tokenizer").optional(),
  clock: z.custom<Clock>(isObject, "must be a Clock").optional(),
});

/** Checks the options and fills in defaults. Throws `ConfigurationError`. */
export function parseBatchingOptions(options: BatchingEmbedderOptions): BatchingSettings {
  return parseOptions("createBatchingEmbedder", schema, options);
}
