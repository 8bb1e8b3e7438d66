import type { Tokenizer } from "@binnacle/core";
import { parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";
import { BytePairTokenizer } from "./tokenizer/byte-pair-tokenizer.ts";
import { checkedTokenizer } from "./tokenizer/checked-tokenizer.ts";
import { createTokenizer } from "./tokenizer/create-tokenizer.ts";

/** Options of every text chunker. */
export interface ChunkerOptions {
  /** Maximum number of tokens in a chunk's text, at least 8. @default 300 */
  readonly maxTokens?: number | undefined;
  /**
   * Maximum number of tokens that a chunk repeats from the previous chunk, at most half of `maxTokens`. 0
   * repeats nothing. A chunk is never repeated whole. A chunk that begins a paragraph repeats nothing.
   * @default a sixth of `maxTokens`, at most 50
   */
  readonly overlapTokens?: number | undefined;
  /** Counts the tokens. @default a tokenizer with the vocabulary o200k_base */
  readonly tokenizer?: Tokenizer | undefined;
}

/** The options of a chunker with defaults filled in. */
export interface ChunkLimits {
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly tokenizer: Tokenizer;
}

const defaultMaxTokens = 300;
const defaultOverlap = (maxTokens: number): number => Math.min(50, Math.floor(maxTokens / 6));
// A character may take 4 tokens, one per byte, and a cut needs room on both sides of a character.
const SMALLEST_CHUNK = 8;

const schema = once(() =>
  z
    .strictObject({
      maxTokens: z.int().min(SMALLEST_CHUNK).default(defaultMaxTokens),
      overlapTokens: z.int().min(0).optional(),
      tokenizer: part<Tokenizer>(
        ["count", "ends"],
        "a Tokenizer, such as await createTokenizer()",
      ).optional(),
    })
    .refine(({ maxTokens, overlapTokens = 0 }) => overlapTokens <= maxTokens / 2, {
      path: ["overlapTokens"],
      message: "must be at most half of maxTokens",
    }),
);

/**
 * Checks a chunker's options, fills in defaults, and loads the default vocabulary if no tokenizer is given.
 * Rejects with a `ConfigurationError` that lists every issue.
 */
export async function parseLimits(component: string, options: ChunkerOptions): Promise<ChunkLimits> {
  const { maxTokens, overlapTokens, tokenizer } = parseOptions(component, schema(), options);
  return {
    maxTokens,
    overlapTokens: overlapTokens ?? defaultOverlap(maxTokens),
    tokenizer: await tokenizerOf(tokenizer),
  };
}

async function tokenizerOf(given: Tokenizer | undefined): Promise<Tokenizer> {
  if (given === undefined) return createTokenizer("o200k_base");
  return given instanceof BytePairTokenizer ? given : checkedTokenizer(given);
}

/** Builds a chunker's id from its algorithm and version, limits and tokenizer. */
export function chunkerId(algorithm: string, limits: ChunkLimits): string {
  return `${algorithm}(${limits.maxTokens},${limits.overlapTokens},${limits.tokenizer.id})`;
}
