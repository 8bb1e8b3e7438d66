/** The numbers that a text cites. */
export interface CitedNumbers {
  /** Numbers of sources that exist, ascending. */
  readonly valid: readonly number[];
  /** Numbers that stand for no source, ascending. */
  readonly invalid: readonly number[];
}

const code = /```[^]*?(?:```|$)|``[^\n]*?``|`[^`\n]*`/gu;
/**
 * `[1]`, `[1, 2]`, `[1; 2]`, `[1 and 2]`, `[1-3]`, `[source 1, source 2]`, `[^1]`, `【1】`, and the letter or digit before it, if
 * there is one.
 */
const marker =
  /([\p{L}\p{N}_]?)[[【]\^?(?:sources?\s+)?(\d{1,3}(?:(?:\s*[,;&–-]\s*|\s+and\s+|\s+to\s+)(?:sources?\s+)?\d{1,3})*)[\]】]/giu;
/** One number, or the first and the last of several. */
const span = /(\d{1,3})(?:\s*(?:[–-]|\bto\b)\s*(?:sources?\s+)?(\d{1,3}))?/giu;

/**
 * Reads the `[n]` markers of an answer. Brackets in code are indexes, not citations; in prose, `argv[9]` counts as one only
 * where there is a source 9.
 */
export function citedNumbers(text: string, sources: number): CitedNumbers {
  const exists = (number: number): boolean => number >= 1 && number <= sources;
  const numbers = [...text.replace(code, " ").matchAll(marker)].flatMap(({ 1: before, 2: list = "" }) =>
    [...list.matchAll(span)]
      .flatMap(([, first, last]) => numbersOf(Number(first), Number(last ?? first), exists))
      .filter((number) => exists(number) || before === ""),
  );
  const ascending = [...new Set(numbers)].sort((a, b) => a - b);
  return { valid: ascending.filter(exists), invalid: ascending.filter((number) => !exists(number)) };
}

/** Every number of a range of sources. A range such as the characters `[0-9]` yields its ends. */
function numbersOf(first: number, last: number, exists: (number: number) => boolean): readonly number[] {
  if (!exists(first) || !exists(last) || last < first) return [first, last];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A note's number as documents have it: right behind a sentence's mark or a closing quote or bracket. */
const footnote = /(?<=[.!?,;:)"'”’»])\[(\d{1,3})\]/gu;

/** A document's text without notes that would read as citations of ours: `[2]` becomes `(2)`. */
export function withoutFootnotes(text: string): string {
  return text.replace(footnote, "($1)");
}

/** How many characters before a marker are compared with the sources, and how many there have to be. */
const [mostBefore, leastBefore] = [16, 8];

/**
 * An answer without the markers that it copied from its sources together with the words before them, which are a document's
 * own notes: `[2]` becomes `(2)`.
 */
export function withoutCopiedMarkers(answer: string, sources: readonly { readonly text: string }[]): string {
  const texts = sources.map(({ text }) => withSingleSpaces(text));
  return answer.replace(marker, (found: string, ...rest: readonly unknown[]) => {
    const start = Number(rest.at(-2));
    const before = answer.slice(Math.max(0, start - mostBefore), start);
    const passage = withSingleSpaces(before + found);
    const isCopied = before.length >= leastBefore && texts.some((text) => text.includes(passage));
    return isCopied ? found.replace(/[[【]/u, "(").replace(/[\]】]/u, ")") : found;
  });
}

function withSingleSpaces(text: string): string {
  return text.replace(/\s+/gu, " ");
}
