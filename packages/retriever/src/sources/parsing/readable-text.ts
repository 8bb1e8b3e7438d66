import { raisedSign } from "../../text/raised-sign.ts";

/** A position that is set when the next text is written. */
export interface Mark {
  /** The start of the text, UTF-16. -1 until text is written. */
  start: number;
}

// Soft hyphens, zero-width spaces and byte order marks are invisible, and would split words for a search.
const invisible = /[\u00AD\u200B\uFEFF]/g;

/**
 * Writes text as a page shows it: white space collapses, blocks begin on new lines, and bars separate the
 * cells of a row. A separator is written only before text that follows, so the text has no blank edges.
 */
export class ReadableText {
  #parts: string[] = [];
  #length = 0;
  #breaks = 0;
  #hasSpace = false;
  #bars = 0;
  #isRowBlank = true;
  #prefix = "";
  #marks: Mark[] = [];
  #heard: string[] | undefined;

  /** Length of the text so far, UTF-16. */
  get length(): number {
    return this.#length;
  }

  /** Writes words. White space becomes one space, or none at the edge of a line. */
  write(text: string): void {
    const words = text.replace(invisible, "").replace(/\s+/g, " ");
    if (words.startsWith(" ")) this.#hasSpace = true;
    const trimmed = words.trim();
    if (trimmed === "") return;
    this.#append(trimmed);
    this.#hasSpace = words.endsWith(" ");
  }

  /** Writes an exponent or the number of a note, set off from the text before it. */
  writeRaised(text: string): void {
    const words = text.replace(invisible, "").replace(/\s+/g, " ").trim();
    if (words === "") return;
    const follows = !this.#hasSpace && this.#breaks === 0 && this.#bars === 0 && this.#prefix === "";
    const sign = follows ? raisedSign(this.#parts.at(-1) ?? "", words) : "";
    if (sign === " ") this.#hasSpace = true;
    this.#append(sign === "^" ? `^${words}` : words);
  }

  /** Returns the text from a position to the end. */
  since(start: number): string {
    let text = "";
    for (let at = this.#parts.length - 1; at >= 0 && this.#length - text.length > start; at--)
      text = (this.#parts[at] ?? "") + text;
    return text.slice(Math.max(0, text.length - (this.#length - start)));
  }

  /** Writes text unchanged. */
  writeVerbatim(text: string): void {
    this.#append(text);
  }

  /**
   * Begins a new line, or a new paragraph with 2. If several breaks follow each other, the largest counts.
   */
  break(lines: 1 | 2): void {
    // The sign of a list item and its first word stay on one line.
    if (this.#prefix === "") this.#breaks = Math.max(this.#breaks, lines);
  }

  /** Ends the line. A second call leaves a blank line. */
  breakLine(): void {
    this.#breaks = Math.min(2, this.#breaks + 1);
  }

  /** Separates the next text by a space. */
  space(): void {
    this.#hasSpace = true;
  }

  /** Sets a prefix for the next text. Without a next text it is not written. */
  prefix(prefix: string): void {
    this.#prefix = prefix;
  }

  /** Begins a table row. */
  row(): void {
    this.#bars = 0;
    this.#isRowBlank = true;
  }

  /** Ends a cell of a row and begins the next. */
  bar(): void {
    this.#bars += 1;
  }

  /** Sets the mark's `start` to the start of the next text. */
  mark(mark: Mark): void {
    this.#marks.push(mark);
  }

  /** Begins to record the written words, for {@link heard}. */
  listen(): void {
    this.#heard = [];
  }

  /** Returns the words since `listen`, separated by single spaces, and stops recording. */
  heard(): string {
    const heard = this.#heard?.join("") ?? "";
    this.#heard = undefined;
    return heard.replace(/\s+/g, " ").trim();
  }

  /** Returns the whole text. */
  toString(): string {
    return this.#parts.join("");
  }

  #append(text: string): void {
    const separator = this.#separator();
    this.#put(separator);
    this.#put(this.#prefix);
    this.#heard?.push(separator === "" ? "" : " ", text);
    this.#prefix = "";
    this.#breaks = 0;
    this.#hasSpace = false;
    this.#bars = 0;
    this.#isRowBlank = false;
    for (const mark of this.#marks) mark.start = this.#length;
    this.#marks = [];
    this.#put(text);
  }

  #separator(): string {
    const bars = this.#isRowBlank ? "| ".repeat(this.#bars) : " | ".repeat(this.#bars);
    if (this.#length === 0) return bars;
    if (this.#breaks > 0) return "\n".repeat(this.#breaks) + (this.#isRowBlank ? bars : "");
    if (bars !== "") return bars;
    return this.#hasSpace ? " " : "";
  }

  #put(text: string): void {
    if (text === "") return;
    this.#parts.push(text);
    this.#length += text.length;
  }
}
