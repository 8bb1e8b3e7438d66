import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "./chunker-options.ts";
import { outlineSections } from "./outline-sections.ts";
import { sectionChunker } from "./section-chunker.ts";

/**
 * Cuts a document along its `outline`: no chunk and no overlap crosses a place where the path changes, and nodes with
 * `keepWhole` stay whole while they fit in `maxTokens`. A document without an outline is cut as plain text. Throws a
 * `ConfigurationError` for options that do not fit together.
 */
export async function createOutlineChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createOutlineChunker", options);
  return sectionChunker("outline", limits, (document) =>
    outlineSections(document, (start, end) => {
      // A token spans no more characters than the longest ones do; beyond that there is no need to count.
      if (end - start > limits.maxTokens * LONGEST_TOKEN) return false;
      return limits.tokenizer.count(document.text.slice(start, end)) <= limits.maxTokens;
    }),
  );
}

/** The longest tokens of o200k_base are runs of 128 spaces. */
const LONGEST_TOKEN = 128;
