import { once } from "@binnacle/core/kit";
import { closingMarks, endsWithAbbreviation, fullWidthMarks, sentenceMarks } from "../text/sentence-marks.ts";
import { characterAt, isPair } from "./tokenizer/utf8.ts";

/** The levels of a cut. A higher level is more natural. This level is between any two characters. */
export const CHARACTER = 0;
export const WORD = 1;
export const LINE = 2;
export const SENTENCE = 3;
export const PARAGRAPH = 4;

/** The kind of a text. Code has no sentences, only lines and blank lines. */
export type Reading = "prose" | "code";

const blank = /\s/;
const sentenceEnd = once(() => new RegExp(`[${sentenceMarks}${fullWidthMarks}]`));
const closer = once(() => new RegExp(`[${closingMarks}*_\`]`));
const clauseEnd = "、，；：";
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const BRACE = 0x7d;
const lower = /\p{Ll}/u;
const listMarker = /^(?:[-*+|]|\d{1,9}[.)]) /;

/** Returns true if the UTF-16 unit at `index` is white space. False past the end. */
export function isBlank(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return blank.test(text.charAt(index));
}

/** Returns the index of the first character at or after `start` that is not white space, or `end`. */
export function skipBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text, at)) at++;
  return at;
}

/** Returns one past the last character before `end` that is not white space, or `start`. */
export function trimBlank(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text, at - 1)) at--;
  return at;
}

const JOINER = 0x200d;
const joins = /\p{M}|\p{Emoji_Modifier}|\u200d/u; // variation selectors are marks

/**
 * Returns true if a cut before `index` would split a surrogate pair, a combining sequence or a joined emoji.
 */
export function splitsCharacter(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length || text.charCodeAt(index) < 0x80) return false;
  if (isPair(text, index - 1) || text.charCodeAt(index - 1) === JOINER) return true;
  return joins.test(String.fromCodePoint(characterAt(text, index)));
}

function afterSentence(text: string, index: number, start: number): boolean {
  let last = index;
  while (last > start && closer().test(text.charAt(last))) last--;
  if (!sentenceEnd().test(text.charAt(last))) return false;
  return text.charAt(last) !== "." || !endsWithAbbreviation(text, last + 1, start);
}

/** Lines are rarely wrapped at a greater width, so a longer line is a whole paragraph. */
const widestWrap = 120;

/** Returns true if the line break from `gap` to `index` ends a paragraph, because the text is not wrapped. */
function isUnwrapped(text: string, gap: number, index: number): boolean {
  const before = gap - 1 - text.lastIndexOf("\n", gap - 1);
  if (before > widestWrap) return true;
  const end = text.indexOf("\n", index);
  return (end < 0 ? text.length : end) - index > widestWrap && afterSentence(text, gap - 1, gap - before);
}

/** Returns the level of a cut at the white space from `gap` to `index`. */
function levelAtGap(text: string, gap: number, index: number, reading: Reading): number {
  let lines = 0;
  for (let i = gap; i < index; i++) if (text.charCodeAt(i) === 0x0a) lines++;
  if (lines > 1 && reading === "prose") return introduces(text, gap) ? LINE : PARAGRAPH;
  if (lines > 1) return SENTENCE;
  if (reading === "code") return lines > 0 ? LINE : WORD;
  if (lines > 0 && isUnwrapped(text, gap, index)) return PARAGRAPH;
  if (lines > 0 && listMarker.test(text.slice(index, index + 12))) return SENTENCE;
  if (afterSentence(text, gap - 1, Math.max(0, gap - 16)) && !lower.test(text.charAt(index))) return SENTENCE;
  return lines > 0 ? LINE : WORD;
}

/** Returns the level of a cut before the white space at the end of a stretch. */
function levelAtEnd(text: string, gap: number): number {
  return introduces(text, gap) ? LINE : PARAGRAPH;
}

/** Returns the level of a cut between two characters without white space between them. */
function levelWithin(text: string, index: number, reading: Reading): number {
  const before = text.charCodeAt(index - 1);
  if (before < 0x80) return before === COMMA || before === SEMICOLON || before === BRACE ? WORD : CHARACTER;
  if (before < 0x3000) return CHARACTER;
  const character = text.charAt(index - 1);
  if (clauseEnd.includes(character)) return WORD;
  const ends = reading === "prose" && fullWidthMarks.includes(character);
  return ends && !closer().test(text.charAt(index)) ? SENTENCE : CHARACTER;
}

/** A range of a text in which a cut is searched. */
export interface Stretch {
  readonly text: string;
  /** The first position to visit. */
  readonly from: number;
  /** The last position to visit. */
  readonly to: number;
  /** The end of the text that may be read. */
  readonly end: number;
  readonly reading: Reading;
  /** The lowest level to visit between characters. Positions at white space are visited at any level. */
  readonly finest: number;
}

/** Returns true if the text before `index` introduces the list, table or code after it. */
export function introduces(text: string, index: number): boolean {
  const last = text.charAt(index - 1);
  return last === ":" || last === "：";
}

/** Returns true if prose that ends at `gap` and goes on at `index` is two paragraphs. */
export function isBetweenParagraphs(text: string, gap: number, index: number): boolean {
  return index > gap && levelAtGap(text, gap, index, "prose") === PARAGRAPH;
}

/**
 * Calls `visit` with every possible cut and its level, in order. A cut at white space is before the white
 * space. A cut that splits a character is never visited.
 */
export function visitBoundaries(stretch: Stretch, visit: (index: number, level: number) => void): void {
  const { text, from, to, end, reading, finest } = stretch;
  let afterBlank = from === 0 || isBlank(text, from - 1);
  for (let index = from; index <= to && index < end;) {
    if (isBlank(text, index)) {
      const next = skipBlank(text, index + 1, end);
      if (!afterBlank)
        visit(index, next < end ? levelAtGap(text, index, next, reading) : levelAtEnd(text, index));
      index = next;
      afterBlank = true;
      continue;
    }
    if (!afterBlank) {
      const level = levelWithin(text, index, reading);
      if (level >= finest && !splitsCharacter(text, index)) visit(index, level);
    }
    afterBlank = false;
    index += 1;
  }
}
