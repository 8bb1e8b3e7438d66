import type { Tokenizer } from "@binnacle/core";
import { parseOptions, part, type Clock } from "@binnacle/core/kit";
import { z } from "zod";

/** The name of the component in messages. */
export const label = "createBatchingEmbedder";

/** Options of `createBatchingEmbedder`. */
export interface BatchingEmbedderOptions {
  /** Maximum number of inputs in one batch. @default 32 */
  readonly maxItems?: number | undefined;
  /**
   * Maximum number of tokens in one batch. A single input may have more. Needs `tokenizer`.
   * @default no limit
   */
  readonly maxTokens?: number | undefined;
  /** Maximum bytes of text and images in one batch. A single input may have more. @default 262_144 */
  readonly maxBytes?: number | undefined;
  /** Maximum milliseconds that an input waits for other inputs. @default 5 */
  readonly maxDelayMs?: number | undefined;
  /**
   * Maximum number of concurrent batches of one role, tenant and priority.
   * @default the `concurrency` that the embedder describes
   */
  readonly concurrency?: number | undefined;
  /**
   * Maximum number of waiting inputs of one role, tenant and priority. Further calls reject with code `overloaded`.
   * @default 10_000
   */
  readonly maxWaiting?: number | undefined;
  /** Counts tokens for `maxTokens`, which needs it. @default none */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /** The clock for `maxDelayMs`. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/**
 * The options with defaults filled in. `concurrency` has no default here, because it comes from the embedder.
 */
export interface BatchingSettings extends BatchingEmbedderOptions {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxDelayMs: number;
  readonly maxWaiting: number;
}

const count = z.int().positive();
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const schema = z
  .strictObject({
    maxItems: count.default(32),
    maxTokens: count.optional(),
    maxBytes: count.default(262_144),
    maxDelayMs: z.number().min(0).default(5),
    concurrency: count.optional(),
    maxWaiting: count.default(10_000),
    tokenizer: part<Pick<Tokenizer, "count">>(
      ["count"],
      "a Tokenizer, such as await createTokenizer()",
    ).optional(),
    clock: z.custom<Clock>(isObject, "must be a Clock").optional(),
  })
  .refine(({ maxTokens, tokenizer }) => maxTokens === undefined || tokenizer !== undefined, {
    path: ["tokenizer"],
    message: "is required with maxTokens, because it counts the tokens",
  });

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseBatchingOptions(options: BatchingEmbedderOptions): BatchingSettings {
  return parseOptions(label, schema, options);
}
