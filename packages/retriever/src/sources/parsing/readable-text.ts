/** Something that begins with the next character written. */
export interface Mark {
  /** Where it begins, UTF-16; -1 until something was written. */
  start: number;
}

// Soft hyphens, zero-width spaces and byte order marks are not seen, and would tear words apart for a search.
const invisible = /[\u00AD\u200B\uFEFF]/g;

/**
 * Writes text as a page shows it: white space collapses, blocks begin on new lines, rows are cut by bars. What separates
 * is written only before something that follows, so the text has no blank edges, whatever was empty.
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

  /** Characters written so far, UTF-16. */
  get length(): number {
    return this.#length;
  }

  /** Words, with white space that counts as one space, or none at the edge of a line. */
  write(text: string): void {
    const words = text.replace(invisible, "").replace(/\s+/g, " ");
    if (words.startsWith(" ")) this.#hasSpace = true;
    const trimmed = words.trim();
    if (trimmed === "") return;
    this.#append(trimmed);
    this.#hasSpace = words.endsWith(" ");
  }

  /** Text as it stands. */
  writeVerbatim(text: string): void {
    this.#append(text);
  }

  /** Begins a new line, or with 2 a new paragraph; several in a row are as the largest. */
  break(lines: 1 | 2): void {
    // Between the sign of a list item and its first word nothing breaks.
    if (this.#prefix === "") this.#breaks = Math.max(this.#breaks, lines);
  }

  /** Ends the line; a second one leaves a blank line. */
  breakLine(): void {
    this.#breaks = Math.min(2, this.#breaks + 1);
  }

  space(): void {
    this.#hasSpace = true;
  }

  /** Written before the next text, if any comes. */
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

  /** The mark's `start` is set to where the next text is written. */
  mark(mark: Mark): void {
    this.#marks.push(mark);
  }

  /** Listens to the words that are written, until {@link heard} is asked. */
  listen(): void {
    this.#heard = [];
  }

  /** The words since `listen`, one space between them. */
  heard(): string {
    const heard = this.#heard?.join("") ?? "";
    this.#heard = undefined;
    return heard.replace(/\s+/g, " ").trim();
  }

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
