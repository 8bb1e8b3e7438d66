import { once } from "@binnacle/core/kit";
/** The numbers that a text cites. */
export interface CitedNumbers {
  /** Numbers of sources that exist, ascending. */
  readonly valid: readonly number[];
  /** Numbers that stand for no source, ascending. */
  readonly invalid: readonly number[];
}

const code = /```[^]*?(?:```|$)|``[^\n]*?``|`[^`\n]*`/gu;
const name: string = String.raw`(?:(?:sources?|src|ids?|refs?|references?|citations?|docs?|documents?|passages?|no\.|nr\.|number)\s*[:：#＃]?|[#＃№])\s*`;
const label: string = String.raw`(?:${name})?`;
const digits: string = String.raw`[\d０-９]{1,3}`;
const dash: string = String.raw`[–‐‑‒−－-]`;
const separator: string = String.raw`(?:\s*(?:[,，、;；&]|${dash})\s*|\s+and\s+|\s+to\s+)`;
const numbersAfter: string = String.raw`(${digits}(?:${separator}${label}${digits})*)\s*`;
const [open, close] = ["[[【［〔]", String.raw`[\]】］〕]`];
/** A title after a labelled number, as in `[Source 1: Title]`. */
const title: string = String.raw`(?:[:：][^\]】］〕\n]{0,200})?`;
const body: string =
  String.raw`\\?${open}\s*\^?(?:${name}${numbersAfter}${title}|${numbersAfter})` +
  String.raw`(?:†[^\]】\n]{0,40})?\\?${close}`;
/**
 * Matches `[1]`, `[1, 2]`, `[1，2]`, `[1; 2]`, `[1 and 2]` and `[1-3]`. Labels may stand before the number:
 * `[source 1, source 2]`, `[ID:1]`, `[#1]`, `[No. 1]`, `[Source 1: Title]`, `[^1]`. Other brackets and digits
 * count too: `【1】`, `【1†L3-L7】`, `［1］`, `〔1〕`, `[１]`. Each bracket may have a backslash before it. The first group is the letter or digit before the marker, or empty. The
 * second or third group holds the numbers.
 */
const marker = once(() => new RegExp(String.raw`([\p{L}\p{N}_]?)${body}`, "giu"));
/** Matches one number, or the first and last number of a range. */
const span = once(
  () => new RegExp(String.raw`(${digits})(?:\s*(?:${dash}|\bto\b)\s*${label}(${digits}))?`, "giu"),
);
/** Matches `[#12]`, which is often the number of an issue. */
const issue = /^.?\\?\S\s*[#＃]/u;

/**
 * Reads the `[n]` markers of an answer. Brackets in code are indexes and no citations. In prose, `argv[9]`
 * and `[#9]` count as citations only if source 9 exists.
 */
export function citedNumbers(text: string, sources: number): CitedNumbers {
  const exists = (number: number): boolean => number >= 1 && number <= sources;
  const markers = [...text.replace(code, " ").matchAll(marker())];
  const numbers = markers.flatMap(({ 0: found, 1: before, 2: labelled, 3: plain }) => {
    const isCertain = before === "" && !issue.test(found);
    return [...(labelled ?? plain ?? "").matchAll(span())]
      .flatMap(([, first, last]) => numbersOf(valueOf(first), valueOf(last ?? first), exists))
      .filter((number) => exists(number) || isCertain);
  });
  const ascending = [...new Set(numbers)].sort((a, b) => a - b);
  return { valid: ascending.filter(exists), invalid: ascending.filter((number) => !exists(number)) };
}

/** Reads digits, which may be full-width. */
function valueOf(written: string | undefined): number {
  return Number(written?.normalize("NFKC"));
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

const codeOrMarker = once(() => new RegExp("(`[^`]*`)|[ \\t]*" + body, "giu"));

/** Removes the numbers that refer to sources, with the space before them. Brackets in code stay. */
export function withoutMarkers(text: string): string {
  return text.replace(codeOrMarker(), (_, kept = "") => String(kept));
}

/** The most characters before a marker that are compared with the sources, and the least that must exist. */
const [mostBefore, leastBefore] = [16, 8];

/**
 * Rewrites markers that the answer copied from a source together with the words before them: `[2]` becomes
 * `(2)`. Such markers are a document's own notes.
 */
export function withoutCopiedMarkers(answer: string, sources: readonly { readonly text: string }[]): string {
  const texts = sources.map(({ text }) => withSingleSpaces(text));
  return answer.replace(marker(), (found: string, ...rest: readonly unknown[]) => {
    const start = Number(rest.at(-2));
    const before = answer.slice(Math.max(0, start - mostBefore), start);
    const passage = withSingleSpaces(before + found);
    const isCopied = before.length >= leastBefore && texts.some((text) => text.includes(passage));
    return isCopied ? found.replace(/[[【［〔]/u, "(").replace(/[\]】］〕]/u, ")") : found;
  });
}

function withSingleSpaces(text: string): string {
  return text.replace(/\s+/gu, " ");
}
