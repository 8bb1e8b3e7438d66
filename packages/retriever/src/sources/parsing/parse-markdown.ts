import type { BinnacleError, ParsedDocument } from "@binnacle/core";
import { firstHeading } from "../../chunking/markdown/first-heading.ts";
import { readFrontMatter } from "./front-matter.ts";

/**
 * Parses a Markdown file. The document's text is the file's own text with the front matter, so that offsets
 * refer to the file. The title comes from the front matter, or else from the first heading that the Markdown
 * chunker finds.
 */
export function parseMarkdown(text: string, onIgnored: (error: BinnacleError) => void): ParsedDocument {
  const frontMatter = readFrontMatter(text);
  if (frontMatter?.error !== undefined) onIgnored(frontMatter.error);
  const title = frontMatter?.title ?? firstHeading(text);
  return { text, mediaType: "text/markdown", title, metadata: frontMatter?.metadata ?? {} };
}
