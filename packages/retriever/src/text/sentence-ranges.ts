import { once } from "@binnacle/core/kit";
import { closingMarks, endsWithAbbreviation, fullWidthMarks } from "./sentence-marks.ts";

/** The range of a sentence in a text, without surrounding white space. */
export interface SentenceRange {
  /** First character, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
}

/**
 * Matches blank lines, the end of a heading, and line breaks before an item, a heading, a quote or a table
 * row.
 */
const blockBreak =
  /\n[^\S\n]*\n\s*|(?<=(?:^|\n)#{1,6}[^\S\n][^\n]*)\n|\n(?=[^\S\n]*(?:[-*+•]|\d{1,3}[.)]|#{1,6}|>|\|)[^\S\n])/gu;
/** Matches the end of a sentence together with its closing quotes, brackets and citations. */
const sentenceEnd = once(
  () =>
    new RegExp(
      String.raw`(?:[!?]|(?<!\.)\.(?!\.))[${closingMarks}]*(?:\s*\[\d[\d,;\s]*\])*` +
        String.raw`(?=\s+["'“‘«([\x60*_]*(?:[\p{Lu}\p{N}\p{Lo}]|\p{L}+[_(])|\s*$)|[${fullWidthMarks}][${closingMarks}]*`,
      "gu",
    ),
);

/**
 * Cuts a text into sentences at sentence punctuation, blank lines, headings and list items. A line break
 * inside a paragraph does not end a sentence.
 */
export function sentenceRanges(text: string): readonly SentenceRange[] {
  const blocks = ranges(
    text,
    [...text.matchAll(blockBreak)].map(({ index }) => index),
    0,
  );
  return blocks.flatMap(({ start, end }) => {
    const block = text.slice(start, end);
    // A table row is no prose, whatever its cells contain.
    if (block.startsWith("|")) return [{ start, end }];
    const ends = [...block.matchAll(sentenceEnd())]
      .filter(({ 0: mark, index }) => {
        if (mark !== ".") return true;
        return !endsWithAbbreviation(block, index + 1) && !/^\d{1,3}$/u.test(block.slice(0, index).trim());
      })
      .map(({ 0: mark, index }) => index + mark.length);
    return ranges(block, ends, start);
  });
}

/** Returns the trimmed ranges between the cuts, without blank ranges. */
function ranges(text: string, cuts: readonly number[], offset: number): SentenceRange[] {
  return [...cuts, text.length].flatMap((end, position) => {
    const start = position === 0 ? 0 : (cuts[position - 1] ?? 0);
    const part = text.slice(start, end);
    const trimmed = part.trim();
    if (trimmed === "") return [];
    const from = offset + start + part.length - part.trimStart().length;
    return [{ start: from, end: from + trimmed.length }];
  });
}
