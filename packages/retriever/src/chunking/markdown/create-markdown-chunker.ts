import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "../chunker-options.ts";
import { sectionChunker } from "../section-chunker.ts";
import { markdownSections } from "./markdown-sections.ts";

/**
 * Cuts Markdown section by section: no chunk and no overlap crosses a heading, and `path` and `context` hold the headings
 * above it. Code, tables and HTML blocks stay whole while they fit in `maxTokens`, and are then not repeated as overlap; a
 * table that does not fit repeats its heading row in `context`. Throws a `ConfigurationError` for options that do not
 * fit together.
 */
export async function createMarkdownChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createMarkdownChunker", options);
  return sectionChunker("markdown", limits, ({ text }) => markdownSections(text));
}
