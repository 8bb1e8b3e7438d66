import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "./chunker-options.ts";
import { outlineSections } from "./outline-sections.ts";
import { sectionChunker } from "./section-chunker.ts";
import { BytePairTokenizer } from "./tokenizer/byte-pair-tokenizer.ts";

/**
 * Length, in UTF-16 units, of the longest tokens in the vocabularies of `createTokenizer`, such as a run of
 * spaces.
 */
const LONGEST_TOKEN = 128;

/**
 * Creates a chunker that cuts a document along its `outline`. No chunk and no overlap crosses a position
 * where the path changes. Nodes with `keepWhole` stay whole if they fit in `maxTokens`. A document without an
 * outline is cut as plain text. Rejects with a `ConfigurationError` if the options do not fit together.
 */
export async function createOutlineChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createOutlineChunker", options);
  const { maxTokens, tokenizer } = limits;
  // A longer unit cannot fit and need not be counted. The longest token of an app's own tokenizer is unknown.
  const longest = tokenizer instanceof BytePairTokenizer ? maxTokens * LONGEST_TOKEN : Infinity;
  return sectionChunker("outline", limits, (document) =>
    outlineSections(
      document,
      (start, end) => end - start <= longest && tokenizer.count(document.text.slice(start, end)) <= maxTokens,
    ),
  );
}
