import type { BinnacleError, ParsedDocument } from "@binnacle/core";
import { frontMatterBlock } from "../../chunking/markdown/front-matter-block.ts";
import { firstHeading } from "../../chunking/markdown/first-heading.ts";
import { markdownComments } from "./markdown-comments.ts";
import { readFrontMatter } from "./front-matter.ts";

/**
 * Parses a Markdown file. The document's text is the file's own text, in which blanks replace front matter and
 * comments. Offsets therefore refer to the file, and no passage has what a reader of the page does not see. The
 * title comes from the front matter, or else from the first heading that the Markdown chunker finds.
 */
export function parseMarkdown(source: string, onIgnored: (error: BinnacleError) => void): ParsedDocument {
  const frontMatter = readFrontMatter(source);
  if (frontMatter?.error !== undefined) onIgnored(frontMatter.error);
  const block = frontMatterBlock(source);
  const text = withBlanks(source, [...(block === undefined ? [] : [block]), ...markdownComments(source)]);
  const title = frontMatter?.title ?? firstHeading(text);
  return { text, mediaType: "text/markdown", title, metadata: frontMatter?.metadata ?? {} };
}

/** Replaces every character of the ranges but line breaks by a blank. */
function withBlanks(
  text: string,
  ranges: readonly { readonly start: number; readonly end: number }[],
): string {
  let written = "";
  let at = 0;
  for (const { start, end } of ranges) {
    if (start < at) continue;
    written +=
      text.slice(at, start) +
      text.slice(start, end).replace(/[^\r\n]/gu, (character) => " ".repeat(character.length));
    at = end;
  }
  return written + text.slice(at);
}
