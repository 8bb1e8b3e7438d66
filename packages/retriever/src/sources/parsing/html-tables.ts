import type { ReadBlock } from "./html-outline.ts";
import type { Mark, ReadableText } from "./readable-text.ts";

interface OpenTable {
  readonly mark: Mark;
  isInCell: boolean;
  cells: number;
  rows: number;
  isInHead: boolean;
  /** Where the first row begins. */
  readonly header: Mark;
  /** Where the heading rows end: -1 until it is known, 0 if there are none. */
  headerEnd: number;
  /** Made for looks, not for data: it holds headings or other tables, and is no unit of its own. */
  isLayout: boolean;
}

/** The tables that are open, each in a cell of the one before: writes their rows and knows which are units. */
export class HtmlTables {
  readonly #text: ReadableText;
  readonly #open: OpenTable[] = [];

  constructor(text: ReadableText) {
    this.#text = text;
  }

  get isInCell(): boolean {
    return this.#open.at(-1)?.isInCell ?? false;
  }

  /** Says of the open tables that they are made for looks: of the innermost alone, the others hold it. */
  layOut(): void {
    const table = this.#open.at(-1);
    if (table !== undefined) table.isLayout = true;
  }

  begin(): void {
    this.layOut();
    const mark = { start: -1 };
    this.#text.break(2);
    this.#text.mark(mark);
    const header = { start: -1 };
    const counts = { cells: 0, rows: 0, headerEnd: -1 };
    this.#open.push({ mark, header, ...counts, isInCell: false, isInHead: false, isLayout: false });
  }

  /** The table as a unit of the outline, or nothing if it is none. */
  end(): readonly ReadBlock[] {
    const table = this.#open.pop();
    if (table === undefined) return [];
    const { isLayout, mark, header, headerEnd } = table;
    const block = { start: mark.start, end: this.#text.length, kind: "table" } as const;
    this.#text.break(2);
    if (isLayout || mark.start < 0) return [];
    const hasHeader = header.start >= 0 && headerEnd > header.start;
    return [hasHeader ? { ...block, header: { start: header.start, end: headerEnd } } : block];
  }

  /** Whether the rows that follow are in `thead`. */
  setInHead(isInHead: boolean): void {
    const table = this.#open.at(-1);
    if (table !== undefined) table.isInHead = isInHead;
  }

  beginRow(): void {
    const table = this.#open.at(-1);
    if (table?.rows === 0) this.#text.mark(table.header);
    else if (table?.isInHead === false && table.headerEnd < 0) table.headerEnd = this.#text.length;
    this.#text.break(1);
    this.#text.row();
    if (table === undefined) return;
    table.rows += 1;
    table.cells = 0;
  }

  beginCell(name: string): void {
    const table = this.#open.at(-1);
    if (table === undefined) return;
    // A table of data from its first row on has no heading row.
    if (name === "td" && !table.isInHead && table.headerEnd < 0) table.headerEnd = 0;
    if (table.cells > 0) this.#text.bar();
    table.cells += 1;
    table.isInCell = true;
  }

  endCell(): void {
    const table = this.#open.at(-1);
    if (table !== undefined) table.isInCell = false;
  }
}
