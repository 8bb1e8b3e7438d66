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
/** A wholly bold line. A line that ends like a sentence or introduces a list is no heading. */
const boldLine = /^\s*(?:\*\*(?![*\s])[^*]*[^*\s.!:：。]\*\*|__(?![_\s])[^_]*[^_\s.!:：。]__)\s*$/u;
const [asks, answers] = [/^\s*\**(?:Q|Question|F|Frage)\**:/u, /^\s*\**(?:A|Answer|Antwort)\**:/u];
/** The line below a heading of the setext form. */
const underline = /^ {0,3}(?:-{2,}|={2,})\s*$/u;
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
  return withRows(text, withHeadings(text, lines));
}

/** Returns true for a heading below those with marks: a bold line, or a question with its answer below. */
export function isMinorHeading(line: string): boolean {
  return boldLine.test(line) || asks.test(line);
}

function kindOf(line: string, titles: ReadonlySet<string>): TextLine["kind"] {
  if (line.trim() === "") return "blank";
  if (heading.test(line) || boldLine.test(line) || titles.has(plain(line))) return "heading";
  if (delimiterRow.test(line)) return "rule";
  return "prose";
}

/** Marks lines that are headings by the line below: questions, and lines with an underline. */
function withHeadings(text: string, lines: readonly TextLine[]): readonly TextLine[] {
  const read = (line: TextLine | undefined): string => (line ? text.slice(line.start, line.end) : "");
  const isUnderlined = (index: number): boolean => {
    const [before, line, below] = [lines[index - 1], lines[index], lines[index + 1]];
    const isAlone = before?.kind !== "prose" || before.end + 1 !== line?.start;
    const isText = line?.kind === "prose" && /^ {0,3}(?![-*+>=])\S/u.test(read(line));
    return isAlone && isText && below?.start === line.end + 1 && underline.test(read(below));
  };
  return lines.map((line, index) => {
    if (line.kind !== "prose") return line;
    if (isUnderlined(index - 1)) return { ...line, kind: "blank" };
    const next = lines.slice(index + 1, index + 3).find(({ kind }) => kind !== "blank");
    const isQuestion = asks.test(read(line)) && answers.test(read(next));
    return isQuestion || isUnderlined(index) ? { ...line, kind: "heading" } : line;
  });
}

/**
 * Marks the rows of tables. They are lines with bars that begin with a bar, or stand at the row of dashes or
 * below it. Lines with as many cells as a line beside them are rows too. Bars in code part no cells.
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
