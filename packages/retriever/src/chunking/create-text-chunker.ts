import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "./chunker-options.ts";
import { sectionChunker } from "./section-chunker.ts";

/**
 * Creates a chunker that cuts any text at paragraphs, then sentences, lines and words. A chunk never exceeds
 * `maxTokens`. If it begins within a paragraph, it repeats up to `overlapTokens` of the text before it: whole
 * sentences or lines if they fill half of the overlap, else whole words, else characters. Rejects with a
 * `ConfigurationError` if the options do not fit together.
 */
export async function createTextChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createTextChunker", options);
  return sectionChunker("text", limits, ({ text }) => [{ start: 0, end: text.length, path: [], units: [] }]);
}
