import type { ReadBlock } from "./html-outline.ts";
import type { Mark, ReadableText } from "./readable-text.ts";

interface OpenTable {
  readonly mark: Mark;
  isInCell: boolean;
  cells: number;
  rows: number;
  isInHead: boolean;
  /** The start of the first row. */
  readonly header: Mark;
  /** The end of the heading rows. -1 until it is known, 0 if the table has no heading rows. */
  headerEnd: number;
  /** True for a layout table, which contains headings or other tables. It is not a block of the outline. */
  isLayout: boolean;
}

/**
 * Tracks the open tables, each in a cell of the previous one. It writes their rows and returns the data
 * tables as blocks.
 */
export class HtmlTables {
  readonly #text: ReadableText;
  readonly #open: OpenTable[] = [];

  constructor(text: ReadableText) {
    this.#text = text;
  }

  /** True if the innermost table has an open cell. */
  get isInCell(): boolean {
    return this.#open.at(-1)?.isInCell ?? false;
  }

  /**
   * Marks the innermost table as a layout table. The outer tables already are, because they contain a table.
   */
  layOut(): void {
    const table = this.#open.at(-1);
    if (table !== undefined) table.isLayout = true;
  }

  /** Opens a table. */
  begin(): void {
    this.layOut();
    const mark = { start: -1 };
    this.#text.break(2);
    this.#text.mark(mark);
    const header = { start: -1 };
    const counts = { cells: 0, rows: 0, headerEnd: -1 };
    this.#open.push({ mark, header, ...counts, isInCell: false, isInHead: false, isLayout: false });
  }

  /**
   * Closes the innermost table. Returns its block, or an empty list for a layout table and for an empty
   * table.
   */
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

  /** Sets whether the following rows are in `thead`. */
  setInHead(isInHead: boolean): void {
    const table = this.#open.at(-1);
    if (table !== undefined) table.isInHead = isInHead;
  }

  /** Begins a row of the innermost table. */
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

  /** Begins a cell. `name` is `td` or `th`. */
  beginCell(name: string): void {
    const table = this.#open.at(-1);
    if (table === undefined) return;
    // If the first row contains a data cell, the table has no heading row.
    if (name === "td" && !table.isInHead && table.headerEnd < 0) table.headerEnd = 0;
    if (table.cells > 0) this.#text.bar();
    table.cells += 1;
    table.isInCell = true;
  }

  /** Ends a cell. */
  endCell(): void {
    const table = this.#open.at(-1);
    if (table !== undefined) table.isInCell = false;
  }
}
