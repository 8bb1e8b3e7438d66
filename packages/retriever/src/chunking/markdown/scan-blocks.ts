import { frontMatterBlock } from "./front-matter-block.ts";
import { htmlBlockEnd } from "./html-block.ts";
import { indentAt, isBlankLine, readLine, type Line } from "./markdown-line.ts";
import {
  atxHeading,
  closesFence,
  isThematicBreak,
  listItem,
  openingFence,
  setextLevel,
  tableDelimiter,
  type Fence,
} from "./markdown-rules.ts";

/** A heading that begins a section. */
export interface HeadingBlock {
  readonly kind: "heading";
  readonly start: number;
  readonly end: number;
  /** The heading's level, 1 to 6. */
  readonly level: number;
  /** The title's source, with its markup. */
  readonly title: string;
}

/** A block that is not running text. Paragraphs, lists and quotes lie between these blocks. */
export interface UnitBlock {
  readonly kind: "frontMatter" | "code" | "table" | "html";
  readonly start: number;
  readonly end: number;
  /** A table's heading row and delimiter row. */
  readonly header?: { readonly start: number; readonly end: number } | undefined;
}

/** A block of a Markdown text that affects its cuts. */
export type Block = HeadingBlock | UnitBlock;

/**
 * Yields the front matter, headings, code, tables and HTML of a Markdown text in order, by CommonMark and
 * GFM.
 */
export function* scanBlocks(text: string): Generator<Block> {
  const matter = frontMatterBlock(text);
  if (matter !== undefined) yield { kind: "frontMatter", start: matter.start, end: matter.end };
  const scanner = new BlockScanner(text);
  // A byte order mark is no part of the first line, but counts in the offsets.
  for (let at = matter?.next ?? (text.startsWith("\ufeff") ? 1 : 0); at < text.length;) {
    const { block, next } = scanner.read(at);
    if (block !== undefined) yield block;
    at = next;
  }
}

interface Step {
  readonly block?: Block | undefined;
  /** Start of the next line to read. */
  readonly next: number;
}

const CODE_INDENT = 4;
const definition = /^\[[^\]]{1,999}\]:/;

/** Returns the content of a quote's line. */
function quoted(text: string, line: Line): Line {
  let { body, indent } = line;
  while (indent < CODE_INDENT && body < line.end && text.charAt(body) === ">") {
    const content = indentAt(text, body + 1, 0, line.end);
    body = content.body;
    indent = Math.max(0, content.indent - 1);
  }
  return { ...line, body, indent };
}

class BlockScanner {
  readonly #text: string;
  /** Start of the open paragraph at top level. -1 if no paragraph is open. */
  #paragraph = -1;
  /** Column of the open list's content. 0 outside lists. */
  #list = 0;
  /** True if an unmarked line may continue the quote or list item above it. */
  #lazy = false;
  /** True if the previous line opened a list item without content. */
  #hollow = false;
  /** The open fence in a quote, and the start of the line after the quote's last line. */
  #quote: { readonly fence: Fence | undefined; readonly next: number } = { fence: undefined, next: -1 };
  /** Index of the next bar in the text, so that lines without a bar are not searched for a table. */
  #bar = -1;

  constructor(text: string) {
    this.#text = text;
  }

  read(start: number): Step {
    const line = readLine(this.#text, start);
    if (isBlankLine(line)) {
      this.#paragraph = -1;
      this.#lazy = false;
      if (this.#hollow) this.#list = 0;
      return { next: line.next };
    }
    return this.#inList(line) ?? this.#atTop(line) ?? this.#running(line);
  }

  /** Reads a line of a list. Only code and tables are blocks there. */
  #inList(line: Line): Step | undefined {
    if (this.#list > 0 && line.indent < this.#list && !this.#lazy) this.#list = 0;
    const held = this.#list > 0 && line.indent >= this.#list;
    if (!held && (line.indent >= CODE_INDENT || isThematicBreak(this.#text, line))) return undefined;
    const item = listItem(this.#text, line, this.#paragraph >= 0 || (held && this.#lazy));
    if (!held && item === undefined) return undefined;
    if (!held && item !== undefined) this.#list = item.indent;
    const content = item === undefined ? line : { ...line, ...item };
    this.#paragraph = -1;
    this.#hollow = isBlankLine(content);
    this.#lazy = this.#isRunning(content);
    return (
      this.#fence(content, content.indent > line.indent ? content.indent : this.#list) ??
      this.#table(content) ?? { next: line.next }
    );
  }

  /** Returns true if a line is running text, which an unmarked next line may continue. */
  #isRunning(line: Line): boolean {
    if (isBlankLine(line) || isThematicBreak(this.#text, line)) return false;
    return atxHeading(this.#text, line) === undefined;
  }

  #atTop(line: Line): Step | undefined {
    if (line.indent >= CODE_INDENT) {
      return this.#paragraph >= 0 || this.#lazy ? undefined : this.#close(this.#indentedCode(line));
    }
    const text = this.#text;
    const level = this.#paragraph >= 0 ? setextLevel(text, line) : 0;
    if (level > 0) {
      const title = text.slice(this.#paragraph, line.start).trim();
      return this.#close({
        block: { kind: "heading", start: this.#paragraph, end: line.end, level, title },
        next: line.next,
      });
    }
    const atx = atxHeading(text, line);
    if (atx !== undefined) {
      const title = text.slice(atx.from, atx.to).trim();
      return this.#close({
        block: { kind: "heading", start: line.start, end: line.end, level: atx.level, title },
        next: line.next,
      });
    }
    if (isThematicBreak(text, line)) return this.#close({ next: line.next });
    const step = this.#fence(line, 0) ?? this.#html(line) ?? this.#table(line);
    return step && this.#close(step);
  }

  #running(line: Line): Step {
    const mark = this.#text.charAt(line.body);
    if (mark === ">" && line.indent < CODE_INDENT) {
      this.#close({ next: line.next });
      this.#lazy = this.#isRunningQuote(line);
    } else if (!this.#lazy && this.#paragraph < 0) {
      const head = this.#text.slice(line.body, Math.min(line.end, line.body + 1_002));
      if (mark !== "[" || !definition.test(head)) this.#paragraph = line.start;
    }
    return { next: line.next };
  }

  /** Returns true if a quote's line is running text. Code in a fence and the fence's own lines are not. */
  #isRunningQuote(line: Line): boolean {
    const content = quoted(this.#text, line);
    const open = this.#quote.next === line.start ? this.#quote.fence : undefined;
    if (open !== undefined) {
      const fence = closesFence(this.#text, content, open) ? undefined : open;
      this.#quote = { fence, next: line.next };
      return false;
    }
    const fence = content.indent < CODE_INDENT ? openingFence(this.#text, content) : undefined;
    this.#quote = { fence, next: line.next };
    return fence === undefined && this.#isRunning(content);
  }

  #close(step: Step): Step {
    this.#paragraph = -1;
    this.#list = 0;
    this.#lazy = false;
    this.#hollow = false;
    return step;
  }

  /** Reads a fenced block. Inside a list it ends at the end of the item at the latest. */
  #fence(line: Line, base: number): Step | undefined {
    const fence = line.indent < base + CODE_INDENT ? openingFence(this.#text, line) : undefined;
    if (fence === undefined) return undefined;
    let end = line.end;
    let next = line.next;
    while (next < this.#text.length) {
      const current = readLine(this.#text, next);
      if (!isBlankLine(current) && current.indent < base) break;
      next = current.next;
      if (!isBlankLine(current)) end = current.end;
      if (closesFence(this.#text, current, fence)) break;
    }
    this.#lazy = false;
    return { block: { kind: "code", start: line.start, end }, next };
  }

  #indentedCode(line: Line): Step {
    let end = line.end;
    let next = line.next;
    for (let at = next; at < this.#text.length;) {
      const current = readLine(this.#text, at);
      at = current.next;
      if (isBlankLine(current)) continue;
      if (current.indent < CODE_INDENT) break;
      end = current.end;
      next = current.next;
    }
    return { block: { kind: "code", start: line.start, end }, next };
  }

  #html(line: Line): Step | undefined {
    const end = htmlBlockEnd(this.#text, line, this.#paragraph >= 0 || this.#lazy);
    if (end === undefined) return undefined;
    return { block: { kind: "html", start: line.start, end }, next: readLine(this.#text, end).next };
  }

  #table(line: Line): Step | undefined {
    if (this.#bar < line.body) {
      const bar = this.#text.indexOf("|", line.body);
      this.#bar = bar < 0 ? this.#text.length : bar;
    }
    if (this.#bar >= line.end) return undefined;
    const delimiter = tableDelimiter(this.#text, line);
    if (delimiter === undefined) return undefined;
    let last = delimiter;
    while (last.next < this.#text.length) {
      const row = readLine(this.#text, last.next);
      if (isBlankLine(row) || this.#interruptsTable(row)) break;
      last = row;
    }
    const header = { start: line.start, end: delimiter.end };
    return { block: { kind: "table", start: line.start, end: last.end, header }, next: last.next };
  }

  #interruptsTable(line: Line): boolean {
    const text = this.#text;
    if (line.indent < this.#list) return true;
    if (text.charAt(line.body) === ">" || atxHeading(text, line) || openingFence(text, line)) return true;
    return isThematicBreak(text, line) || listItem(text, line, false) !== undefined;
  }
}
