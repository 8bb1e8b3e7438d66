/** A range of a text, UTF-16. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The rows of a CSV or TSV text. */
export interface CsvTable {
  /** The first row, with the names of the columns. Undefined if the text has no second row. */
  readonly header?: Range | undefined;
  /** Every row after the header, without its line break. */
  readonly rows: readonly Range[];
}

const quote = '"';
const delimiters = [",", ";", "\t", "|"] as const;
/** Only the beginning is read to find the delimiter. */
const sampleLength = 16_384;

/** A longer quoted cell is a quote that was never closed. */
const longestCell = 32_768;

/**
 * Finds the rows of a CSV or TSV text. A line break within quotes belongs to its row. A quote that is never
 * closed is a plain character, so that a broken row does not swallow the rows after it.
 */
export function csvTable(text: string): CsvTable {
  const first = text.startsWith("\ufeff") ? 1 : 0;
  const reader = new RowReader(text, delimiterOf(text));
  const rows: Range[] = [];
  for (let start = first; start < text.length;) {
    const end = reader.rowEnd(start);
    if (text.slice(start, end).trim() !== "")
      rows.push({ start, end: text[end - 1] === "\r" ? end - 1 : end });
    start = end + 1;
  }
  const [header, ...others] = rows;
  return header === undefined || others.length === 0 ? { rows } : { header, rows: others };
}

class RowReader {
  readonly #text: string;
  readonly #delimiter: string;
  /** No quote before this position closes a cell. It keeps the time linear if many quotes are open. */
  #openUntil = 0;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  rowEnd(start: number): number {
    let atCell = true;
    for (let at = start; at < this.#text.length; at++) {
      const character = this.#text.charAt(at);
      if (character === "\n") return at;
      if (character === quote && atCell) at = this.#closingQuote(at + 1) ?? at;
      atCell = character === this.#delimiter || (atCell && character === " ");
    }
    return this.#text.length;
  }

  /** Returns the position of the quote that ends a cell. Undefined if the cell is never closed. */
  #closingQuote(from: number): number | undefined {
    const text = this.#text;
    if (from < this.#openUntil) return undefined;
    const last = Math.min(text.length, from + longestCell);
    for (let at = text.indexOf(quote, from); at !== -1 && at < last; at = text.indexOf(quote, at + 1)) {
      const next = text.charAt(at + 1);
      if (next === quote) at += 1;
      else if (next === this.#delimiter || next === "" || /\s/u.test(next)) return at;
    }
    this.#openUntil = last;
    return undefined;
  }
}

/** Returns the delimiter that the first lines have most evenly. A comma if no other one fits better. */
export function delimiterOf(text: string): string {
  const lines = text
    .slice(0, sampleLength)
    .replace(/"(?:[^"]|"")*"/gu, "")
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== "")
    .slice(0, 20);
  const scores = delimiters.map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const [first = 0] = counts;
    const even = counts.filter((count) => count === first).length;
    return { delimiter, score: first === 0 ? 0 : (even / counts.length) * (1 + Math.log2(first)) };
  });
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  return best.score === 0 ? "," : best.delimiter;
}
