import { repeatEnd } from "../markdown-line.ts";
import { delimiterRun, matchRuns, type DelimiterRun } from "./delimiter-runs.ts";
import { angled, entityAt, linkEnd } from "./inline-rules.ts";

/**
 * Returns the visible words of a line of Markdown. It removes tags and emphasis, replaces links and images by
 * their words, resolves escapes and the usual entities, and collapses white space. The content of a code span
 * stays unchanged. A link by reference counts as a link even if its label is not defined.
 */
export function inlineWords(source: string): string {
  return new InlineReader(source).read();
}

/** A part of the result. */
interface Piece {
  text: string;
  readonly isCode?: boolean;
  /** The run of marks that the piece consists of. */
  readonly run?: DelimiterRun;
}

/** A bracket that may begin a link. */
interface Bracket {
  readonly piece: Piece;
  readonly isImage: boolean;
  /** Number of delimiter runs before the bracket. */
  readonly runs: number;
}

const special = "\\`<&![]*_~";
const escapable = /[!-/:-@[-`{-~]/;

class InlineReader {
  readonly #source: string;
  readonly #pieces: Piece[] = [];
  readonly #runs: DelimiterRun[] = [];
  readonly #brackets: Bracket[] = [];
  /**
   * Number of outer open brackets that contain a link. Such a bracket can begin only an image, not a link.
   */
  #spent = 0;
  readonly #code: CodeSpans;

  constructor(source: string) {
    this.#source = source;
    this.#code = new CodeSpans(source);
  }

  read(): string {
    for (let at = 0; at < this.#source.length;) at = this.#step(at);
    matchRuns(this.#runs);
    let words = "";
    let text = "";
    for (const piece of this.#pieces) {
      if (piece.isCode === true) {
        words += text.replace(/\s+/g, " ") + piece.text;
        text = "";
      } else {
        text += piece.run === undefined ? piece.text : piece.run.mark.repeat(piece.run.left);
      }
    }
    return (words + text.replace(/\s+/g, " ")).trim();
  }

  /** Reads the element at `at` and returns its end. */
  #step(at: number): number {
    const mark = this.#source.charAt(at);
    switch (mark) {
      case "\\":
        return this.#escape(at);
      case "`":
        return this.#backticks(at);
      case "<":
        return this.#shown(angled(this.#source, at), at);
      case "&":
        return this.#shown(entityAt(this.#source, at), at);
      case "[":
        return this.#open("[", at);
      case "!":
        return this.#source.charAt(at + 1) === "[" ? this.#open("![", at) : this.#put("!", at + 1);
      case "]":
        return this.#close(at);
      case "*":
      case "_":
      case "~":
        return this.#delimiters(at);
      default:
        return this.#ordinary(at);
    }
  }

  #put(text: string, end: number): number {
    this.#pieces.push({ text });
    return end;
  }

  #ordinary(at: number): number {
    let end = at + 1;
    while (end < this.#source.length && !special.includes(this.#source.charAt(end))) end++;
    return this.#put(this.#source.slice(at, end), end);
  }

  #shown(shown: { readonly text: string; readonly end: number } | undefined, at: number): number {
    return shown === undefined
      ? this.#put(this.#source.charAt(at), at + 1)
      : this.#put(shown.text, shown.end);
  }

  #escape(at: number): number {
    const next = this.#source.charAt(at + 1);
    if (escapable.test(next)) return this.#put(next, at + 2);
    // A backslash before the end of a line is a line break.
    return this.#put(next === "\n" || next === "\r" ? " " : "\\", at + 1);
  }

  #backticks(at: number): number {
    const from = repeatEnd(this.#source, at, this.#source.length, 0x60);
    const closer = this.#code.closerOf(from, from - at);
    if (closer === undefined) return this.#put(this.#source.slice(at, from), from);
    this.#pieces.push({ text: codeText(this.#source.slice(from, closer)), isCode: true });
    return closer + (from - at);
  }

  #delimiters(at: number): number {
    const end = repeatEnd(this.#source, at, this.#source.length, this.#source.charCodeAt(at));
    // A single tilde usually means "roughly" or a home folder.
    if (this.#source.charAt(at) === "~" && end - at !== 2) return this.#put(this.#source.slice(at, end), end);
    const run = delimiterRun(this.#source, at, end);
    this.#runs.push(run);
    this.#pieces.push({ text: "", run });
    return end;
  }

  #open(mark: string, at: number): number {
    const piece = { text: mark };
    this.#pieces.push(piece);
    this.#brackets.push({ piece, isImage: mark !== "[", runs: this.#runs.length });
    return at + mark.length;
  }

  #close(at: number): number {
    const bracket = this.#brackets.pop();
    if (bracket === undefined) return this.#put("]", at + 1);
    const mayLink = bracket.isImage || this.#brackets.length >= this.#spent;
    this.#spent = Math.min(this.#spent, this.#brackets.length);
    const end = mayLink ? linkEnd(this.#source, at + 1) : undefined;
    if (end === undefined) return this.#put("]", at + 1);
    bracket.piece.text = "";
    matchRuns(this.#runs.splice(bracket.runs));
    if (!bracket.isImage) this.#spent = this.#brackets.length;
    return end;
  }
}

/**
 * The positions of the runs of backticks, so that a span's end is found without a search through the rest of
 * the line.
 */
class CodeSpans {
  readonly #runs: readonly { readonly start: number; readonly length: number }[];
  readonly #last: ReadonlyMap<number, number>;
  #next = 0;

  constructor(source: string) {
    this.#runs = Array.from(source.matchAll(/`+/g), ({ 0: run, index }) => ({
      start: index,
      length: run.length,
    }));
    this.#last = new Map(this.#runs.map(({ start, length }) => [length, start]));
  }

  /**
   * Returns the start of the first run of this length at or after `from`. `from` must not decrease between
   * calls.
   */
  closerOf(from: number, length: number): number | undefined {
    if ((this.#last.get(length) ?? -1) < from) return undefined;
    for (; ; this.#next++) {
      const run = this.#runs[this.#next];
      if (run === undefined) return undefined;
      if (run.start >= from && run.length === length) return run.start;
    }
  }
}

/** Normalises a code span's content. Line ends become spaces, and one space on both sides is removed. */
function codeText(content: string): string {
  const line = content.replace(/\r?\n[ \t]*/g, " ");
  const isPadded = line.startsWith(" ") && line.endsWith(" ") && line.trim() !== "";
  return isPadded ? line.slice(1, -1) : line;
}
