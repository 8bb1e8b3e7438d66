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

/** Level of an ATX heading and where its title lies; undefined where the line is none. */
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
  // Closing hashes stand apart from the title: "# C#" keeps its own.
  const closes = to === from || text.charAt(to - 1) === " " || text.charAt(to - 1) === "\t";
  return { level, from, to: closes ? to : line.end };
}

/** 1 or 2 where a line underlines the paragraph above it, else 0. */
export function setextLevel(text: string, line: Line): number {
  const unit = text.charCodeAt(line.body);
  if (unit !== EQUALS && unit !== DASH) return 0;
  if (repeatEnd(text, line.body, line.end, unit) !== line.end) return 0;
  return unit === EQUALS ? 1 : 2;
}

/** Whether a line is a rule such as `---` or `* * *`. */
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

/** How a fence opens: its mark and its length. */
export interface Fence {
  readonly mark: number;
  readonly length: number;
}

/** The fence that a line opens, if it does; the info string of a backtick fence holds no backtick. */
export function openingFence(text: string, line: Line): Fence | undefined {
  const mark = text.charCodeAt(line.body);
  if (mark !== BACKTICK && mark !== TILDE) return undefined;
  const after = repeatEnd(text, line.body, line.end, mark);
  if (after - line.body < 3) return undefined;
  if (mark === BACKTICK && text.slice(after, line.end).includes("`")) return undefined;
  return { mark, length: after - line.body };
}

/** Whether a line closes a fence: the same mark, at least as long, nothing after it. */
export function closesFence(text: string, line: Line, fence: Fence): boolean {
  const after = repeatEnd(text, line.body, line.end, fence.mark);
  return after === line.end && after - line.body >= fence.length;
}

/** The column where a list item's content begins and the index of it; undefined where the line is no item. */
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
  // A number in running text that happens to come first in its line does not begin a list.
  if (inParagraph && (isEmpty || (head[1] !== undefined && head[1] !== "1"))) return undefined;
  const column = line.indent + head[0].length;
  const content = indentAt(text, after, column, line.end);
  const isCode = content.indent - column > 4;
  return { body: content.body, indent: isEmpty || isCode ? column + 1 : content.indent };
}

/** Cells of a table row; 0 where the line holds no bar. */
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

/** The row of dashes below a table's heading row, where `line` is one. */
export function tableDelimiter(text: string, line: Line): Line | undefined {
  const cells = cellCount(text, line);
  if (cells === 0) return undefined;
  const below = readLine(text, line.next);
  if (line.next >= text.length || isBlankLine(below) || below.indent > line.indent + 3) return undefined;
  return isDelimiterRow(text, below) && cellCount(text, below) === cells ? below : undefined;
}
