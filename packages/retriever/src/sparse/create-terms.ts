import { words } from "@binnacle/core/stores";
import type { Bm25Language } from "./bm25-options.ts";
import { murmurHash } from "./murmur-hash.ts";
import { pairedScripts } from "../text/unspaced-scripts.ts";

const PAIRED_RUNS = new RegExp(`[${pairedScripts}]+|[^${pairedScripts}]+`, "gu");
const HAS_PAIRED = new RegExp(`[${pairedScripts}]`, "u");

/**
 * Longer words are not stemmed. The stemmer takes quadratic time on some long words, and no real word is so
 * long.
 */
const MAX_STEMMED_LENGTH = 256;
/** The most words whose terms are remembered, a few MB. */
const MAX_REMEMBERED = 20_000;
const MAX_REMEMBERED_LENGTH = 32;

/** Cuts a text into terms and returns their numbers, with repetitions. */
export type TermsOf = (text: string) => readonly number[];

/**
 * Creates the term function of an encoder. It takes the words in lower case, drops stop words, stems and
 * hashes them. A run of Chinese, Japanese or Korean characters yields its pairs of neighbours. A single such
 * character yields itself.
 */
export async function createTerms(language: Bm25Language, stopWords: ReadonlySet<string>): Promise<TermsOf> {
  const stem = await loadStemmer(language);
  const utf8 = new TextEncoder();
  const remembered = new Map<string, readonly number[]>();
  const number = (term: string): number => Math.abs(murmurHash(utf8.encode(term)) | 0);
  const termsOfWord = (word: string): readonly number[] => {
    if (stopWords.has(word)) return [];
    return HAS_PAIRED.test(word) ? pairedTerms(word, stem).map(number) : [number(stem(word))];
  };
  const recall = (word: string): readonly number[] => {
    if (word.length > MAX_REMEMBERED_LENGTH) return termsOfWord(word);
    const known = remembered.get(word);
    if (known) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const terms = termsOfWord(word);
    remembered.set(word, terms);
    return terms;
  };
  return (text) => words(text).flatMap(recall);
}

async function loadStemmer(language: Bm25Language): Promise<(word: string) => string> {
  if (language === "none") return (word) => word;
  // The stemmers' file is large and many apps never encode, so it is loaded on first use.
  const { newStemmer } = await import("snowball-stemmers");
  const stemmer = newStemmer(language);
  return (word) => (word.length > MAX_STEMMED_LENGTH ? word : stemmer.stem(word));
}

function pairedTerms(word: string, stem: (word: string) => string): readonly string[] {
  const runs = word.match(PAIRED_RUNS) ?? [];
  return runs.flatMap((run) => (HAS_PAIRED.test(run) ? pairs(Array.from(run)) : [stem(run)]));
}

function pairs(characters: readonly string[]): readonly string[] {
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
}
