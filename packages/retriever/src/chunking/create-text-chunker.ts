import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "./chunker-options.ts";
import { sectionChunker } from "./section-chunker.ts";

/**
 * Cuts any text at paragraphs, then sentences, lines and words. A chunk never exceeds `maxTokens`; it repeats up to
 * `overlapTokens` of the text before it, whole sentences or lines where they fill half of that, else whole words, else
 * characters. Throws a `ConfigurationError` for options that do not fit together.
 */
export async function createTextChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createTextChunker", options);
  return sectionChunker("text", limits, ({ text }) => [{ start: 0, end: text.length, path: [], units: [] }]);
}
