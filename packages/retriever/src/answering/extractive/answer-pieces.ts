import type { Passage } from "@binnacle/core";
import { frontMatterBlock } from "../../chunking/markdown/front-matter-block.ts";
import { markdownComments } from "../../sources/parsing/markdown-comments.ts";
import { sentenceRanges } from "../../text/sentence-ranges.ts";
import { rowWithHeader } from "./table-row.ts";
import { isMinorHeading, textLines, type TextLine } from "./text-lines.ts";

/** A range of a passage's text, UTF-16. */
export interface PieceRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a passage that can be shown as an answer. */
export interface AnswerPiece extends PieceRange {
  readonly kind: "sentence" | "row" | "code" | "heading";
  /** The text for a reader. */
  readonly shown: string;
  /** True if the lines of `shown` are kept, because it has a list, code or rows. */
  readonly isBlock: boolean;
  /** The part whose words are compared with the question: the piece without the list that it introduces. */
  readonly said: PieceRange;
  /** The heading of the piece's section in the same passage, and the names of a row's columns. */
  readonly above: readonly PieceRange[];
  /** True if `above` has no heading, so that the passage's own path is the heading. */
  readonly isBelowPath: boolean;
}

type NewPiece = Omit<AnswerPiece, "above" | "isBelowPath" | "isBlock" | "said"> &
  Partial<Pick<AnswerPiece, "isBlock" | "said">>;

/** The longest list, code or table that an introduction brings along, in characters. */
const longestBlock = 1_200;
/** Matches the mark of a list item or a quote, which is no part of the sentence. */
const itemMark = /^(?:[-*+•>]|\d{1,3}[.)]|[a-z][.)](?!\s*\p{L}\.))\s+/u;
const answerMark = /^\**(?:A|Answer|Antwort)\**:\**\s+/u;
const introduces =
  /[:：][\s*_]*$|\b(?:steps|ways|commands?|rules|options|values|fields|list|table|example) below\.?$|\b(?:as follows|(?:these|following) (?:\w+ )?(?:steps|ways|commands?|rules|options|values|fields))\b[^.]*\.?$/iu;

/**
 * Splits a passage into the pieces of an answer. A sentence that only introduces a list, code or a table is one
 * piece with it. Code is one piece with the sentence before it. A row is shown with the names of its
 * columns. Front matter and comments are no pieces.
 */
export function answerPieces(passage: Passage): readonly AnswerPiece[] {
  const text = visible(passage);
  const names = [...passage.path, ...passage.hits.flatMap(({ chunk }) => chunk.path)];
  const splitter = new PieceSplitter(text, headerIn(passage));
  for (const stretch of stretches(textLines(text, names))) splitter.add(stretch);
  return splitter.pieces;
}

/** Replaces front matter and comments by blanks, so that offsets stay. */
function visible({ text, start }: Passage): string {
  const matter = start === 0 ? frontMatterBlock(text) : undefined;
  let body = matter === undefined ? text : " ".repeat(matter.end) + text.slice(matter.end);
  for (const comment of markdownComments(body)) {
    const blank = body.slice(comment.start, comment.end).replace(/[^\n]/gu, " ");
    body = body.slice(0, comment.start) + blank + body.slice(comment.end);
  }
  return body;
}

/** Returns the heading row that the chunk repeats, because the passage begins below it. */
function headerIn({ hits, path }: Passage): string | undefined {
  const [first] = hits.toSorted((a, b) => a.chunk.start - b.chunk.start);
  const lines = first?.chunk.context.split("\n") ?? [];
  return lines.find((line) => line.includes("|") && line !== path.join(" > "));
}

type Stretch = readonly [TextLine, ...TextLine[]];

/** Groups lines of one kind. Blank lines belong to prose around them. */
function stretches(lines: readonly TextLine[]): readonly Stretch[] {
  const found: [TextLine, ...TextLine[]][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const kind = line.kind === "blank" ? "prose" : line.kind === "rule" ? "row" : line.kind;
    const joins = last !== undefined && last[0].kind === kind && kind !== "heading";
    if (joins) last.push(line);
    else if (line.kind !== "blank") found.push([{ ...line, kind }]);
  }
  return found;
}

class PieceSplitter {
  readonly pieces: AnswerPiece[] = [];
  readonly #text: string;
  readonly #header: string | undefined;
  #heading: PieceRange | undefined;
  #minor: PieceRange | undefined;

  constructor(text: string, header: string | undefined) {
    this.#text = text;
    this.#header = header;
  }

  add(stretch: Stretch): void {
    const [{ start, kind }] = stretch;
    const end = stretch.at(-1)?.end ?? start;
    if (kind === "heading") this.#addHeading({ start, end });
    else if (kind === "row") this.#addTable(stretch);
    else if (kind === "code") this.#addCode({ start, end });
    else this.#addProse({ start, end });
  }

  #addHeading(range: PieceRange): void {
    const line = this.#slice(range);
    const isMinor = isMinorHeading(line);
    if (!isMinor) this.#heading = range;
    this.#minor = isMinor ? range : undefined;
    this.#push({ ...range, kind: "heading", shown: line.replace(/^[\s#*_]+|[\s*_]+$/gu, "") });
  }

  #addTable(stretch: Stretch): void {
    const [first] = stretch;
    const rule = stretch.findIndex((line) => this.#slice(line).trim() !== "" && isRule(this.#slice(line)));
    // Without a row of dashes the first line names the columns, unless the chunk repeats an earlier line.
    const hasOwn = rule > 0 || (rule === -1 && this.#header === undefined && stretch.length > 1);
    const header = hasOwn ? this.#slice(first) : this.#header;
    const rows = stretch
      .slice(rule > 0 ? rule + 1 : hasOwn ? 1 : 0)
      .filter((line) => !isRule(this.#slice(line)));
    const above = hasOwn ? [first] : [];
    for (const row of rows)
      this.#push(
        { ...trimmed(this.#text, row), kind: "row", shown: rowWithHeader(this.#slice(row), header) },
        above,
      );
    const end = stretch.at(-1)?.end ?? first.end;
    this.#bringAlong(
      { start: first.start, end },
      rows.map((row) => `- ${rowWithHeader(this.#slice(row), header)}`),
    );
  }

  #addCode(range: PieceRange): void {
    const before = this.pieces.at(-1);
    const isIntroduced = before?.kind === "sentence" && range.end - before.start <= longestBlock;
    const start = isIntroduced ? before.start : range.start;
    const shown = this.#slice({ start, end: range.end });
    if (isIntroduced && introduces.test(before.shown)) this.pieces.pop();
    this.#push({ start, end: range.end, kind: "code", shown, isBlock: true });
  }

  #addProse(range: PieceRange): void {
    const sentences = sentenceRanges(this.#slice(range)).map(({ start, end }) => ({
      start: start + range.start,
      end: end + range.start,
    }));
    sentences.forEach((sentence, index) => {
      const list = introduces.test(this.#slice(sentence)) ? this.#listAfter(sentences, index) : [];
      const end = list.at(-1)?.end ?? sentence.end;
      const shown = [sentence, ...list].map((part) => this.#slice(part)).join("\n");
      const said = this.#slice(sentence).replace(itemMark, "").replace(answerMark, "");
      const start = sentence.end - said.length;
      const isBlock = list.length > 0;
      const piece = { start, end, kind: "sentence", isBlock, said: { start, end: sentence.end } } as const;
      this.#push({ ...piece, shown: isBlock ? shown : this.#slice(piece) });
    });
  }

  /** Returns the items after a sentence, with the sentences that belong to them. */
  #listAfter(sentences: readonly PieceRange[], index: number): readonly PieceRange[] {
    const items: PieceRange[] = [];
    let last = sentences[index];
    for (const next of sentences.slice(index + 1)) {
      if (last === undefined || next.end - (sentences[index]?.start ?? 0) > longestBlock) break;
      const between = this.#text.slice(last.end, next.start);
      // A paragraph that is indented belongs to the item above.
      const isParted = /\n\s*\n/u.test(between) && !/\n[^\S\n]{2,}$/u.test(between);
      const continues = items.length > 0 && !isParted;
      if (!itemMark.test(this.#slice(next)) && !continues) break;
      items.push(next);
      last = next;
    }
    return items;
  }

  /** Extends the sentence before a table to the table, if the sentence only introduces it. */
  #bringAlong(table: PieceRange, lines: readonly string[]): void {
    const at = this.pieces.length - lines.length - 1;
    const before = this.pieces[at];
    if (before?.kind !== "sentence" || !introduces.test(before.shown)) return;
    if (table.end - before.start > longestBlock) return;
    this.pieces[at] = {
      ...before,
      end: table.end,
      shown: [before.shown, ...lines].join("\n"),
      isBlock: true,
    };
  }

  #push(piece: NewPiece, columns: readonly PieceRange[] = []): void {
    const headings = piece.kind === "heading" ? [] : [this.#heading, this.#minor];
    const heading = headings.filter((one) => one !== undefined);
    const { start, end } = piece;
    const place = { above: [...heading, ...columns], isBelowPath: this.#heading === undefined };
    this.pieces.push({ isBlock: false, said: { start, end }, ...piece, ...place });
  }

  #slice({ start, end }: PieceRange): string {
    return this.#text.slice(start, end);
  }
}

function isRule(line: string): boolean {
  return /^[\s|:-]+$/u.test(line);
}

function trimmed(text: string, { start, end }: PieceRange): PieceRange {
  const line = text.slice(start, end);
  return { start: start + line.length - line.trimStart().length, end: start + line.trimEnd().length };
}
