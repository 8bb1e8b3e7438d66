import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "./chunker-options.ts";
import { outlineSections } from "./outline-sections.ts";
import { sectionChunker } from "./section-chunker.ts";
import { BytePairTokenizer } from "./tokenizer/byte-pair-tokenizer.ts";

/** UTF-16 units of the longest tokens in the vocabularies that `createTokenizer` knows, such as a run of spaces. */
const LONGEST_TOKEN = 128;

/**
 * Cuts a document along its `outline`: no chunk and no overlap crosses a place where the path changes, and nodes with
 * `keepWhole` stay whole while they fit in `maxTokens`. A document without an outline is cut as plain text. Throws a
 * `ConfigurationError` for options that do not fit together.
 */
export async function createOutlineChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createOutlineChunker", options);
  const { maxTokens, tokenizer } = limits;
  // What is longer cannot fit and need not be counted; how long a foreign tokenizer's tokens are nobody knows.
  const longest = tokenizer instanceof BytePairTokenizer ? maxTokens * LONGEST_TOKEN : Infinity;
  return sectionChunker("outline", limits, (document) =>
    outlineSections(
      document,
      (start, end) => end - start <= longest && tokenizer.count(document.text.slice(start, end)) <= maxTokens,
    ),
  );
}
