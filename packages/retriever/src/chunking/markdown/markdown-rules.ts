import { indentAt, isBlankLine, readLine, repeatEnd, type Line } from "./markdown-line.ts";

const HASH = 0x23;
const EQUALS = 0x3d;
const STAR = 0x2a;
const PLUS = 0x2b;
const DASH = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKTICK = 0x60;
const TILDE = 0x7e;
const PIPE = 0x7c;
const BACKSLASH = 0x5c;

/** Returns the level of an ATX heading and the range of its title. Undefined if the line is not a heading. */
export function atxHeading(
  text: string,
  line: Line,
): { level: number; from: number; to: number } | undefined {
  const after = repeatEnd(text, line.body, line.end, HASH);
  const level = after - line.body;
  if (level < 1 || level > 6) return undefined;
  if (after === line.end) return { level, from: after, to: after };
  const { body: from } = indentAt(text, after, 0, line.end);
  if (from === after) return undefined;
  let to = line.end;
  while (to > from && text.charCodeAt(to - 1) === HASH) to--;
  // White space separates closing hashes from the title, so "# C#" keeps its hash.
  const closes = to === from || text.charAt(to - 1) === " " || text.charAt(to - 1) === "\t";
  return { level, from, to: closes ? to : line.end };
}

/** Returns the level, 1 or 2, of a line that underlines the paragraph above it. 0 for other lines. */
export function setextLevel(text: string, line: Line): number {
  const unit = text.charCodeAt(line.body);
  if (unit !== EQUALS && unit !== DASH) return 0;
  if (repeatEnd(text, line.body, line.end, unit) !== line.end) return 0;
  return unit === EQUALS ? 1 : 2;
}

/** Returns true if a line is a thematic break such as `---` or `* * *`. */
export function isThematicBreak(text: string, line: Line): boolean {
  const mark = text.charAt(line.body);
  if (mark !== "*" && mark !== "-" && mark !== "_") return false;
  let marks = 0;
  for (let i = line.body; i < line.end; i++) {
    const character = text.charAt(i);
    if (character === mark) marks += 1;
    else if (character !== " " && character !== "\t") return false;
  }
  return marks >= 3;
}

/** The mark and the length of an opening fence. */
export interface Fence {
  readonly mark: number;
  readonly length: number;
}

/**
 * Returns the fence that a line opens, or undefined. The info string of a backtick fence contains no
 * backtick.
 */
export function openingFence(text: string, line: Line): Fence | undefined {
  const mark = text.charCodeAt(line.body);
  if (mark !== BACKTICK && mark !== TILDE) return undefined;
  const after = repeatEnd(text, line.body, line.end, mark);
  if (after - line.body < 3) return undefined;
  if (mark === BACKTICK && text.slice(after, line.end).includes("`")) return undefined;
  return { mark, length: after - line.body };
}

/**
 * Returns true if a line closes a fence: it has the same mark, is at least as long, and has no text after it.
 */
export function closesFence(text: string, line: Line, fence: Fence): boolean {
  const after = repeatEnd(text, line.body, line.end, fence.mark);
  return after === line.end && after - line.body >= fence.length;
}

/** Returns the index and the column of a list item's content. Undefined if the line is not a list item. */
export function listItem(
  text: string,
  line: Line,
  inParagraph: boolean,
): { readonly body: number; readonly indent: number } | undefined {
  const first = text.charCodeAt(line.body);
  if (first !== PLUS && first !== DASH && first !== STAR && !(first >= ZERO && first <= NINE))
    return undefined;
  const head = /^(?:[-+*]|(\d{1,9})[.)])(?=[ \t]|$)/.exec(
    text.slice(line.body, Math.min(line.end, line.body + 12)),
  );
  if (head === null) return undefined;
  const after = line.body + head[0].length;
  const isEmpty = after === line.end;
  // A number at the start of a line of a paragraph does not begin a list, unless it is 1.
  if (inParagraph && (isEmpty || (head[1] !== undefined && head[1] !== "1"))) return undefined;
  const column = line.indent + head[0].length;
  const content = indentAt(text, after, column, line.end);
  const isCode = content.indent - column > 4;
  return { body: content.body, indent: isEmpty || isCode ? column + 1 : content.indent };
}

/** Counts the cells of a table row. 0 if the line contains no bar. */
function cellCount(text: string, line: Line): number {
  let bars = 0;
  for (let i = line.body; i < line.end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === BACKSLASH) i++;
    else if (unit === PIPE) bars++;
  }
  if (bars === 0) return 0;
  const leading = text.charCodeAt(line.body) === PIPE ? 1 : 0;
  const trailing = text.charCodeAt(line.end - 1) === PIPE && line.end - 1 > line.body ? 1 : 0;
  return bars + 1 - leading - trailing;
}

function isDelimiterRow(text: string, line: Line): boolean {
  for (let i = line.body; i < line.end; i++) if (!"|:- \t".includes(text.charAt(i))) return false;
  const cells = text.slice(line.body, line.end).replace(/^\|/, "").replace(/\|$/, "").split("|");
  return cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell));
}

/** Returns the delimiter row below `line` if `line` is a table's heading row, else undefined. */
export function tableDelimiter(text: string, line: Line): Line | undefined {
  const cells = cellCount(text, line);
  if (cells === 0) return undefined;
  const below = readLine(text, line.next);
  if (line.next >= text.length || isBlankLine(below) || below.indent > line.indent + 3) return undefined;
  return isDelimiterRow(text, below) && cellCount(text, below) === cells ? below : undefined;
}
