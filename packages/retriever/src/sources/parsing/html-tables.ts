import type { ReadBlock } from "./html-outline.ts";
import type { Attributes } from "./is-unseen.ts";
import type { Mark, ReadableText } from "./readable-text.ts";

interface OpenTable {
  readonly mark: Mark;
  isInCell: boolean;
  /** Column of the next cell. */
  column: number;
  /** The open cell. */
  cell: { readonly column: number; readonly columns: number; readonly rows: number; readonly mark: Mark };
  /** Cells of earlier rows that reach into the next rows, by column. */
  readonly held: Map<number, { rows: number; readonly text: string }>;
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
  /** Characters that cells of earlier rows may still add to later rows, bars included. */
  #room: number = mostRepeated;

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
    const cell = { column: 0, columns: 1, rows: 1, mark: { start: -1 } };
    const counts = { column: 0, cell, held: new Map(), rows: 0, headerEnd: -1 };
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
    table.column = 0;
  }

  /** Ends a row of the innermost table. */
  endRow(): void {
    const table = this.#open.at(-1);
    let last = -1;
    for (const column of table?.held.keys() ?? []) last = Math.max(last, column);
    if (table !== undefined) this.#writeHeld(table, last);
    this.#text.row();
  }

  /** Writes the cells of earlier rows that stand before the next cell. Stops behind the column `last`. */
  #writeHeld(table: OpenTable, last = Infinity): void {
    const isNext = (column: number): boolean => (last === Infinity ? table.held.has(column) : column <= last);
    for (; isNext(table.column); table.column += 1) {
      if (this.#room < 0) return table.held.clear();
      if (table.column > 0) this.#text.bar();
      const held = table.held.get(table.column);
      this.#room -= 3 + (held?.text.length ?? 0);
      if (held === undefined) continue;
      this.#text.write(held.text);
      held.rows -= 1;
      if (held.rows === 0) table.held.delete(table.column);
    }
  }

  /** Begins a cell. `name` is `td` or `th`. */
  beginCell(name: string, { colspan, rowspan }: Attributes = {}): void {
    const table = this.#open.at(-1);
    if (table === undefined) return;
    // If the first row contains a data cell, the table has no heading row.
    if (name === "td" && !table.isInHead && table.headerEnd < 0) table.headerEnd = 0;
    this.#writeHeld(table);
    if (table.column > 0) this.#text.bar();
    const { column } = table;
    const [columns, rows] = [spanOf(colspan, mostColumns), spanOf(rowspan, mostRows)];
    table.cell = { column, columns, rows, mark: { start: -1 } };
    if (rows > 1) this.#text.mark(table.cell.mark);
    table.isInCell = true;
  }

  /** Ends a cell. A cell that spans columns keeps the later cells under their own headings. */
  endCell(): void {
    const table = this.#open.at(-1);
    if (table?.isInCell !== true) return;
    table.isInCell = false;
    const { column, columns, rows, mark } = table.cell;
    this.#room -= 3 * (columns - 1);
    for (let next = 1; next < columns && this.#room > 0; next++) this.#text.bar();
    table.column = column + columns;
    if (rows === 1) return;
    const text = mark.start < 0 ? "" : this.#text.since(mark.start).slice(0, longestHeld);
    for (let next = 0; next < columns; next++)
      table.held.set(column + next, { rows: rows - 1, text: next === 0 ? text : "" });
  }
}

/** The most columns and rows that a cell may span. More are an error of the page. */
const [mostColumns, mostRows] = [50, 1_000];
/** A page that repeats more has broken spans, or was made to fill the memory. */
const mostRepeated = 200_000;
/** A longer cell is not repeated in the rows that it spans. */
const longestHeld = 200;

function spanOf(value: string | undefined, most: number): number {
  const span = Number.parseInt(value ?? "1", 10);
  return Number.isNaN(span) ? 1 : Math.min(most, Math.max(1, span));
}
