import type { BinnacleError, EmbedOptions } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** What a function may return for one text: its vector, or why this text has none. */
export type EmbeddedText = ArrayLike<number> | BinnacleError;

/** Embeds one batch of texts, at least one and at most `maxItems`: one outcome per text, in order. */
export type EmbedFunction = (
  texts: readonly string[],
  options: EmbedOptions,
) => readonly EmbeddedText[] | PromiseLike<readonly EmbeddedText[]>;

/** Options of {@link createEmbedder}. */
export interface EmbedderOptions {
  /** Names the vector space: model, revision and anything else that changes the numbers, such as prefixes. */
  readonly id: string;
  /** Numbers per vector. */
  readonly dimensions: number;
  /** Embeds one batch. `options.role` says whether the texts are queries or documents; pass `options.signal` on. */
  readonly embed: EmbedFunction;
  /** Most texts in one call of `embed`. @default 32 */
  readonly maxItems?: number | undefined;
  /** Calls of `embed` at the same time. @default 2 */
  readonly concurrency?: number | undefined;
  /** Most tokens in one text, if it is known. @default unknown */
  readonly maxTokensPerItem?: number | undefined;
  /** The similarity below which this model's hits are noise. @default unknown */
  readonly suggestedMinScore?: number | undefined;
  /** Releases what the function holds; called once. @default nothing to release */
  readonly close?: (() => void | PromiseLike<void>) | undefined;
}

/** The options with their defaults. */
export interface EmbedderSettings extends EmbedderOptions {
  readonly maxItems: number;
  readonly concurrency: number;
}

const callable = <F extends (...args: never[]) => unknown>(expected: string): z.ZodType<F> =>
  z.custom<F>((value) => typeof value === "function", `expected ${expected}`);

const schema = z.strictObject({
  id: z.string().min(1),
  dimensions: z.int().positive(),
  embed: callable<EmbedFunction>("a function (texts, options) => vectors"),
  maxItems: z.int().positive().default(32),
  concurrency: z.int().positive().default(2),
  maxTokensPerItem: z.int().positive().optional(),
  suggestedMinScore: z.number().min(-1).max(1).optional(),
  close: callable<() => void | PromiseLike<void>>("a function").optional(),
});

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseEmbedderOptions(options: unknown): EmbedderSettings {
  return parseOptions("createEmbedder", schema, options);
}
