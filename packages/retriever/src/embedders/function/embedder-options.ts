import type { BinnacleError, EmbedOptions } from "@binnacle/core";
import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";

/** The result of an {@link EmbedFunction} for one text: its vector, or the error of this text alone. */
export type EmbeddedText = ArrayLike<number> | BinnacleError;

/**
 * Embeds one batch of texts and returns one result per text, in order. A batch has at least one text and at
 * most `maxItems`.
 */
export type EmbedFunction = (
  texts: readonly string[],
  options: EmbedOptions,
) => readonly EmbeddedText[] | PromiseLike<readonly EmbeddedText[]>;

/** Options of {@link createEmbedder}. */
export interface EmbedderOptions {
  /**
   * The id of the vector space. It must name the model, its revision and all else that changes the vectors,
   * such as prefixes.
   */
  readonly id: string;
  /** Number of dimensions of each vector. */
  readonly dimensions: number;
  /**
   * Embeds one batch. `options.role` tells queries from documents. Pass `options.signal` on to the provider.
   */
  readonly embed: EmbedFunction;
  /** Maximum number of texts in one call of `embed`. @default 32 */
  readonly maxItems?: number | undefined;
  /** Maximum number of concurrent calls of `embed`. @default 2 */
  readonly concurrency?: number | undefined;
  /** Maximum number of tokens in one text. @default unknown */
  readonly maxTokensPerItem?: number | undefined;
  /** The similarity below which this model's hits are unrelated, -1 to 1. @default unknown */
  readonly suggestedMinScore?: number | undefined;
  /** Releases the function's resources. Called once, when the embedder closes. */
  readonly close?: (() => void | PromiseLike<void>) | undefined;
}

/** The options of {@link createEmbedder} with defaults filled in. */
export interface EmbedderSettings extends EmbedderOptions {
  readonly maxItems: number;
  readonly concurrency: number;
}

const callable = <F extends (...args: never[]) => unknown>(expected: string): z.ZodType<F> =>
  z.custom<F>((value) => typeof value === "function", `expected ${expected}`);

const schema = once(() =>
  z.strictObject({
    id: z.string().min(1),
    dimensions: z.int().positive(),
    embed: callable<EmbedFunction>("a function (texts, options) => vectors"),
    maxItems: z.int().positive().default(32),
    concurrency: z.int().positive().default(2),
    maxTokensPerItem: z.int().positive().optional(),
    suggestedMinScore: z.number().min(-1).max(1).optional(),
    close: callable<() => void | PromiseLike<void>>("a function").optional(),
  }),
);

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseEmbedderOptions(options: unknown): EmbedderSettings {
  return parseOptions("createEmbedder", schema(), options);
}
