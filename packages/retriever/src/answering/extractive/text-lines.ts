import { cellsOf } from "./table-row.ts";

/** A line of a text with its part in the text's structure. */
export interface TextLine {
  readonly start: number;
  readonly end: number;
  /** `blank` has only white space. `rule` is the row of dashes below a table's heading. */
  readonly kind: "blank" | "heading" | "code" | "row" | "rule" | "prose";
}

const fence = /^\s*(`{3,}|~{3,})/u;
const heading = /^ {0,3}#{1,6}\s/u;
/** A row of dashes and bars, with a bar or a colon, because a rule of dashes alone parts sections. */
const delimiterRow = /^(?=.*[|:])\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/u;
const bar = /(?<!\\)\|/u;

/**
 * Classifies the lines of a passage. `names` holds the headings above the passage, because a heading of HTML is
 * a plain line.
 */
export function textLines(text: string, names: readonly string[]): readonly TextLine[] {
  const titles = new Set(names.map(plain));
  const lines: TextLine[] = [];
  let open: string | undefined;
  for (const { 0: line, index } of text.matchAll(/[^\n]+/gu)) {
    const mark = fence.exec(line)?.[1];
    const isCode: boolean = open !== undefined || mark !== undefined;
    if (open !== undefined && mark?.startsWith(open) === true) open = undefined;
    else if (open === undefined) open = mark;
    const kind = isCode ? "code" : kindOf(line, titles);
    lines.push({ start: index, end: index + line.length, kind });
  }
  return withRows(text, lines);
}

function kindOf(line: string, titles: ReadonlySet<string>): TextLine["kind"] {
  if (line.trim() === "") return "blank";
  if (heading.test(line) || titles.has(plain(line))) return "heading";
  if (delimiterRow.test(line)) return "rule";
  return "prose";
}

/**
 * Marks the rows of tables: lines with bars that begin with a bar, stand beside the row of dashes or below it,
 * or have as many cells as a line beside them. Bars in code part no cells.
 */
function withRows(text: string, lines: readonly TextLine[]): readonly TextLine[] {
  const cells = lines.map(({ start, end, kind }) => (kind === "prose" ? cellsIn(text.slice(start, end)) : 0));
  let isBelowRule = false;
  return lines.map((line, index) => {
    const count = cells[index] ?? 0;
    isBelowRule = line.kind === "rule" || (isBelowRule && count > 1);
    if (count < 2) return line;
    const isFirst = text.slice(line.start, line.end).trimStart().startsWith("|");
    const isHeader = lines[index + 1]?.kind === "rule";
    const hasEqual = cells[index - 1] === count || cells[index + 1] === count;
    return isFirst || isHeader || isBelowRule || hasEqual ? { ...line, kind: "row" } : line;
  });
}

/** Returns the number of a line's cells. A line without bars has one cell, but `| a |` counts as two. */
function cellsIn(line: string): number {
  const prose = line.replace(/`[^`]*`/gu, "code");
  return bar.test(prose) ? Math.max(2, cellsOf(prose).length) : 1;
}

/** Returns a heading without its marks, in lower case and with single spaces. */
function plain(line: string): string {
  return line
    .replace(/^[\s#]+|[\s#]+$/gu, "")
    .replace(/[`*_]/gu, "")
    .replace(/\s+/gu, " ")
    .toLowerCase();
}
