/** The numbers that a text cites. */
export interface CitedNumbers {
  /** Numbers of sources that exist, ascending. */
  readonly valid: readonly number[];
  /** Numbers that stand for no source, ascending. */
  readonly invalid: readonly number[];
}

const code = /```[^]*?(?:```|$)|``[^\n]*?``|`[^`\n]*`/gu;
const label: string = String.raw`(?:(?:sources?|src|ids?|refs?|references?|citations?|docs?|documents?|passages?)\s*[:#]?\s*)?`;
const separator: string = String.raw`(?:\s*[,，、;；&–-]\s*|\s+and\s+|\s+to\s+)`;
/**
 * Matches `[1]`, `[1, 2]`, `[1，2]`, `[1; 2]`, `[1 and 2]`, `[1-3]`, `[source 1, source 2]`, `[ID:1]`, `[^1]`,
 * `【1】`, `【1†L3-L7】` and the same with a backslash before each bracket. The first group is the letter or digit
 * before the marker, or empty.
 */
const marker = new RegExp(
  String.raw`([\p{L}\p{N}_]?)\\?[[【]\s*\^?${label}(\d{1,3}(?:${separator}${label}\d{1,3})*)\s*(?:†[^\]】\n]{0,40})?\\?[\]】]`,
  "giu",
);
/** Matches one number, or the first and last number of a range. */
const span = new RegExp(String.raw`(\d{1,3})(?:\s*(?:[–-]|\bto\b)\s*${label}(\d{1,3}))?`, "giu");

/**
 * Reads the `[n]` markers of an answer. Brackets in code are indexes and no citations. In prose, `argv[9]`
 * counts as a citation only if source 9 exists.
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

/**
 * Lists every number of a range. If one end is not a source, as in the characters `[0-9]`, it lists only both
 * ends.
 */
function numbersOf(first: number, last: number, exists: (number: number) => boolean): readonly number[] {
  if (!exists(first) || !exists(last) || last < first) return [first, last];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * Matches a document's own note, such as `[2]` directly after a punctuation mark, a closing quote or a
 * bracket.
 */
const footnote = /(?<=[.!?,;:)"'”’»])\[(\d{1,3})\]/gu;

/** Rewrites a document's own notes, which would read as our citations: `[2]` becomes `(2)`. */
export function withoutFootnotes(text: string): string {
  return text.replace(footnote, "($1)");
}

/** Removes the numbers that refer to sources, with the space before them. Brackets in code stay. */
export function withoutMarkers(text: string): string {
  return text.replace(/(`[^`]*`)|[ \t]*[[【]\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*[\]】]/gu, (_, kept = "") =>
    String(kept),
  );
}

/** The most characters before a marker that are compared with the sources, and the least that must exist. */
const [mostBefore, leastBefore] = [16, 8];

/**
 * Rewrites markers that the answer copied from a source together with the words before them: `[2]` becomes
 * `(2)`. Such markers are a document's own notes.
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
