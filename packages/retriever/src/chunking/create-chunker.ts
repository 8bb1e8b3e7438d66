import type { Chunker } from "@binnacle/core";
import { parseLimits, type ChunkerOptions } from "./chunker-options.ts";
import { createOutlineChunker } from "./create-outline-chunker.ts";
import { createTextChunker } from "./create-text-chunker.ts";
import { createCsvChunker } from "./csv/create-csv-chunker.ts";
import { createMarkdownChunker } from "./markdown/create-markdown-chunker.ts";

const markdownTypes: ReadonlySet<string> = new Set(["text/markdown", "text/x-markdown"]);
const csvTypes: ReadonlySet<string> = new Set(["text/csv", "text/tab-separated-values"]);

/**
 * Creates a chunker that chooses by the document. It cuts along the outline if the document has one. It cuts CSV and
 * TSV by their rows, Markdown as Markdown, and all else as plain text. Rejects with a `ConfigurationError` if the
 * options do not fit together.
 */
export async function createChunker(options: ChunkerOptions = {}): Promise<Chunker> {
  const limits = await parseLimits("createChunker", options);
  const [text, csv, markdown, outline] = await Promise.all([
    createTextChunker(limits),
    createCsvChunker(limits),
    createMarkdownChunker(limits),
    createOutlineChunker(limits),
  ]);
  return {
    id: `auto[${[text, csv, markdown, outline].map(({ id }) => id).join(";")}]`,
    chunk: (document) => {
      if (document.outline !== undefined && document.outline.length > 0) return outline.chunk(document);
      const type = document.mediaType?.split(";")[0]?.trim().toLowerCase() ?? "";
      if (csvTypes.has(type)) return csv.chunk(document);
      return (markdownTypes.has(type) ? markdown : text).chunk(document);
    },
  };
}
