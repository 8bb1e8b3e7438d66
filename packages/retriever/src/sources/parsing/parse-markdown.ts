import type { BinnacleError } from "@binnacle/core";
import { readFrontMatter } from "./front-matter.ts";
import type { ParsedText } from "./parsed-text.ts";

const fence = /^ {0,3}(`{3,}|~{3,})/;
const atxHeading = /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const setextLine = /^ {0,3}(?:=+|-+)[ \t]*$/;
// What begins another block and so cannot be the text of an underlined heading.
const otherBlock = /^(?: {0,3}(?:[>|#]|[-*+] |\d+[.)] |<)| {4}|\t)/;
/** Titles are looked for in this many lines; a heading further down is not the title of the whole. */
const titleLines = 200;

/**
 * Markdown: the document's text is the file's own, front matter included, so that offsets refer to the file. The title
 * is the front matter's, or else the first heading.
 */
export function parseMarkdown(text: string, onIgnored: (error: BinnacleError) => void): ParsedText {
  const frontMatter = readFrontMatter(text);
  if (frontMatter?.error !== undefined) onIgnored(frontMatter.error);
  const metadata = frontMatter?.metadata ?? {};
  const given = metadata["title"];
  const title =
    typeof given === "string" && given.trim() !== ""
      ? given.trim()
      : firstHeading(text, frontMatter?.end ?? (text.startsWith("\ufeff") ? 1 : 0));
  return { text, mediaType: "text/markdown", title, metadata };
}

function firstHeading(text: string, start: number): string | undefined {
  const lines = text.slice(start).split(/\r?\n/, titleLines);
  let closing: RegExp | undefined;
  let previous = "";
  for (const line of lines) {
    const marker = fence.exec(line)?.[1];
    if (closing !== undefined) {
      if (closing.test(line)) closing = undefined;
    } else if (marker !== undefined) {
      closing = new RegExp(`^ {0,3}${marker.charAt(0)}{${marker.length},}[ \\t]*$`);
    } else {
      const heading = atxHeading.exec(line)?.[1] ?? (isUnderlined(previous, line) ? previous : "");
      const title = plain(heading);
      if (title !== "") return title;
    }
    previous = closing === undefined && marker === undefined ? line : "";
  }
  return undefined;
}

function isUnderlined(line: string, next: string): boolean {
  return line.trim() !== "" && !otherBlock.test(line) && setextLine.test(next);
}

/** The words of a heading, without its links and marks. */
function plain(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, "$1")
    .replace(/\{#[^}]*\}\s*$/, "")
    .replace(/<[^>]*>|`|\*\*|__/g, "")
    .trim();
}
