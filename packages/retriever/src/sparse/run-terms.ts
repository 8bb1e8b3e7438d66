import { once } from "@binnacle/core/kit";
import { pairedScripts, tripledScripts } from "../text/unspaced-scripts.ts";

const runsPattern = once(
  () => new RegExp(`[${pairedScripts}]+|[${tripledScripts}]+|[^${pairedScripts}${tripledScripts}]+`, "gu"),
);
const unspaced = once(() => new RegExp(`[${pairedScripts}${tripledScripts}]`, "u"));
const tripled = once(() => new RegExp(`[${tripledScripts}]`, "u"));
/** Matches a character with its vowels and tone marks. */
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;

/** The terms of one word. */
export interface RunTerms {
  /** The terms that count as words of the text. */
  readonly content: readonly number[];
  /** Shorter words that may be in the word. A query of such a word finds a document that has them. */
  readonly inner: readonly number[];
}

/**
 * Creates the term function of a word without white space. A run of Chinese, Japanese or Korean characters
 * yields its pairs of neighbours. A run of Thai, Lao, Khmer or Burmese yields triples, because their words are
 * longer. No dictionary is used, so a word yields the same terms within any sentence.
 */
export function createRunTerms(
  stem: (word: string) => string,
  number: (term: string) => number,
): (word: string) => RunTerms {
  const termsOfRun = (run: string): RunTerms => {
    if (tripled().test(run)) return groups(run.match(CLUSTER) ?? [], 3, number);
    if (unspaced().test(run)) return groups(Array.from(run), 2, number);
    return { content: [number(stem(run))], inner: [] };
  };
  return (word) => {
    const lower = word.toLowerCase();
    if (!unspaced().test(lower)) return termsOfRun(lower);
    const runs = (lower.match(runsPattern()) ?? []).map(termsOfRun);
    return {
      content: runs.flatMap(({ content }) => content),
      inner: runs.flatMap(({ inner }) => inner),
    };
  };
}

/** Returns the groups of `size` neighbours as words, or the whole if there are fewer, and all smaller groups. */
function groups(characters: readonly string[], size: number, number: (term: string) => number): RunTerms {
  const largest = Math.min(size, characters.length);
  const ofSize = (count: number): readonly number[] =>
    characters.slice(count - 1).map((_, i) => number(characters.slice(i, i + count).join("")));
  const smaller = Array.from({ length: largest - 1 }, (_, i) => ofSize(i + 1));
  return { content: ofSize(largest), inner: smaller.flat() };
}
