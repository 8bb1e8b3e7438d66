import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "../chunker-options.ts";
import { sectionChunker } from "../section-chunker.ts";
import { markdownSections } from "./markdown-sections.ts";

/**
 * Creates a chunker that cuts Markdown by sections. No chunk and no overlap crosses a heading, and `path` and
 * `context` contain the headings above the chunk. Code, tables and HTML blocks stay whole if they fit in
 * `maxTokens`, and are then not repeated as overlap. If a table does not fit, its parts have the heading row
 * in `context`. Rejects with a `ConfigurationError` if the options do not fit together.
 */
export async function createMarkdownChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createMarkdownChunker", options);
  return sectionChunker("markdown", limits, ({ text }) => markdownSections(text));
}
