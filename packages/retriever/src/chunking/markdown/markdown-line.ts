/** The indexes of one line of a Markdown text. */
export interface Line {
  readonly start: number;
  /** First character that is not a space or tab. Equals `end` in a blank line. */
  readonly body: number;
  /** Number of columns before `body`, with tab stops of four. */
  readonly indent: number;
  /** One past the last character that is not white space, at least `body`. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
}

const TAB = 0x09;
const SPACE = 0x20;

const isSpace = (unit: number): boolean => unit === SPACE || (unit >= TAB && unit <= 0x0d);

/** Reads the line that begins at `start`. Lines end with LF or CRLF. */
export function readLine(text: string, start: number): Line {
  const newline = text.indexOf("\n", start);
  const next = newline < 0 ? text.length : newline + 1;
  let end = newline < 0 ? text.length : newline;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  const { body, indent } = indentAt(text, start, 0, end);
  return { start, body, indent, end, next };
}

/** Skips spaces and tabs from `start`, which is at `column`, and counts the columns. */
export function indentAt(
  text: string,
  start: number,
  column: number,
  end: number,
): { readonly body: number; readonly indent: number } {
  let body = start;
  let indent = column;
  for (; body < end; body++) {
    const unit = text.charCodeAt(body);
    if (unit === TAB) indent += 4 - (indent % 4);
    else if (unit === SPACE) indent += 1;
    else break;
  }
  return { body, indent };
}

/** Returns true if a line contains only white space. */
export function isBlankLine(line: Line): boolean {
  return line.body >= line.end;
}

/** Returns one past the run of `unit` that begins at `start`. */
export function repeatEnd(text: string, start: number, end: number, unit: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === unit) at++;
  return at;
}
