import { scanBlocks } from "../../chunking/markdown/scan-blocks.ts";

/** A range of a text, UTF-16. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Matches the beginning of code, of a comment, and whole comments in the form of a link definition. */
const beginning =
  /`+|<!--|\{\/\*|(?<=^|\n)\[(?:\/\/|comment)\]:[^\S\n]*(?:#|<>)[^\S\n]*(?:\([^\n]*\)|"[^\n]*"|'[^\n]*')?/gu;
/** A longer code span is a backtick that was never closed. */
const longestSpan = 2_000;

/**
 * Finds the comments of a Markdown text: `<!-- … -->`, `{/* … *\/}` of MDX, and `[//]: # (…)`. Comments in
 * code are content. A comment that is never closed is text.
 */
export function markdownComments(text: string): readonly Range[] {
  const code = [...scanBlocks(text)].filter(({ kind }) => kind === "code");
  const comments: Range[] = [];
  const unclosed = new Set<string>();
  let block = 0;
  beginning.lastIndex = 0;
  for (let at = 0; at < text.length;) {
    beginning.lastIndex = at;
    const found = beginning.exec(text);
    if (found === null) break;
    const [mark] = found;
    const start = found.index;
    while ((code[block]?.end ?? Infinity) <= start) block += 1;
    const around = code[block];
    if (around !== undefined && around.start <= start) {
      at = around.end;
      continue;
    }
    const end = endOf(text, start, mark, unclosed);
    if (end !== undefined && !mark.startsWith("`")) comments.push({ start, end });
    at = end ?? start + mark.length;
  }
  return comments;
}

/**
 * Returns the end of the code span or comment. Undefined if it is never closed. `unclosed` holds the closing
 * marks that the rest of the text does not contain, so that it is searched only once for each of them.
 */
function endOf(text: string, start: number, mark: string, unclosed: Set<string>): number | undefined {
  if (mark.startsWith("[")) return start + mark.length;
  const from = start + mark.length;
  if (mark === "<!--") return after(text, "-->", from, unclosed);
  if (mark === "{/*") return after(text, "*/}", from, unclosed);
  const rest = text.slice(from, from + longestSpan);
  const close = Array.from(rest.matchAll(/`+|\n\s*\n/gu)).find(
    ([run]) => run === mark || run.startsWith("\n"),
  );
  return close === undefined || close[0] !== mark ? undefined : from + close.index + mark.length;
}

function after(text: string, mark: string, from: number, unclosed: Set<string>): number | undefined {
  if (unclosed.has(mark)) return undefined;
  const at = text.indexOf(mark, from);
  if (at !== -1) return at + mark.length;
  unclosed.add(mark);
  return undefined;
}
