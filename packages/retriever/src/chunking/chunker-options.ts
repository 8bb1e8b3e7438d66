import type { Tokenizer } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { createTokenizer } from "./tokenizer/create-tokenizer.ts";

/** Options of every text chunker. */
export interface ChunkerOptions {
  /** Most tokens in a chunk's text, at least 8. @default 300 */
  readonly maxTokens?: number | undefined;
  /**
   * Most tokens that a chunk repeats from the one before it, at most half of `maxTokens`; 0 repeats nothing. No chunk is
   * repeated whole, however short it is. @default a sixth of `maxTokens`, at most 50
   */
  readonly overlapTokens?: number | undefined;
  /** What counts the tokens. @default the vocabulary o200k_base */
  readonly tokenizer?: Tokenizer | undefined;
}

/** Options with their defaults in place. */
export interface ChunkLimits {
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly tokenizer: Tokenizer;
}

const defaultMaxTokens = 300;
const defaultOverlap = (maxTokens: number): number => Math.min(50, Math.floor(maxTokens / 6));
// One character may be 4 tokens (its bytes), and a cut needs room on both sides of one.
const SMALLEST_CHUNK = 8;

const isTokenizer = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "ends" in value && "count" in value && "id" in value;

const schema = z
  .strictObject({
    maxTokens: z.int().min(SMALLEST_CHUNK).default(defaultMaxTokens),
    overlapTokens: z.int().min(0).optional(),
    tokenizer: z.custom<Tokenizer>(isTokenizer, "expected a Tokenizer").optional(),
  })
  .refine(({ maxTokens, overlapTokens = 0 }) => overlapTokens <= maxTokens / 2, {
    path: ["overlapTokens"],
    message: "must be at most half of maxTokens",
  });

/** Checks a chunker's options and loads the default vocabulary where no tokenizer was given. */
export async function parseLimits(component: string, options: ChunkerOptions): Promise<ChunkLimits> {
  const { maxTokens, overlapTokens, tokenizer } = parseOptions(component, schema, options);
  return {
    maxTokens,
    overlapTokens: overlapTokens ?? defaultOverlap(maxTokens),
    tokenizer: tokenizer ?? (await createTokenizer("o200k_base")),
  };
}

/** A chunker's id: algorithm and version, limits, tokenizer. */
export function chunkerId(algorithm: string, limits: ChunkLimits): string {
  return `${algorithm}(${limits.maxTokens},${limits.overlapTokens},${limits.tokenizer.id})`;
}
