import type { EmbedRole } from "@binnacle/core";
import { canonicalText } from "../text/canonical-text.ts";
import { compoundWords, identifierParts, joinedWord, type CompoundWord } from "../text/compound-words.ts";
import type { Bm25Language } from "./bm25-options.ts";
import { murmurHash } from "./murmur-hash.ts";
import { createRunTerms, type RunTerms } from "./run-terms.ts";

/**
 * Longer words are not stemmed. The stemmer takes quadratic time on some long words, and no real word is so
 * long.
 */
const MAX_STEMMED_LENGTH = 256;
/** The most words whose terms are remembered, a few MB. */
const MAX_REMEMBERED = 20_000;
const MAX_REMEMBERED_LENGTH = 32;
/** A text of at least this many words without a small letter is written in capitals throughout. */
const LEAST_WORDS_IN_CAPITALS = 3;

const SMALL_LETTER = /\p{Ll}/u;
const CAPITALS = /^\p{Lu}{2,}$/u;

/** The terms of one text, with repetitions. */
export interface TextTerms {
  readonly terms: readonly number[];
  /** The number of words that are no stop words, as Qdrant counts the length of a text. */
  readonly length: number;
}

/** Cuts a text into terms. */
export type TermsOf = (text: string, role: EmbedRole) => TextTerms;

/** The terms of one compound word. */
interface CompoundTerms extends RunTerms {
  /** Parts and joined forms of compound words. */
  readonly variants: readonly number[];
  /** Stop words. A document has them, so that a query of nothing else finds it. */
  readonly stops: readonly number[];
  /** Stop words in capitals, such as IT, which may be names. Each has the term of its capitals. */
  readonly names: readonly { readonly capitals: number; readonly plain: number }[];
}

/**
 * Creates the term function of an encoder. It takes the words in lower case, stems and hashes them. Parts and
 * joined forms of compound words are further terms. A query drops stop words if it has other words.
 */
export async function createTerms(language: Bm25Language, stopWords: ReadonlySet<string>): Promise<TermsOf> {
  const stem = await loadStemmer(language);
  const utf8 = new TextEncoder();
  const number = (term: string): number => Math.abs(murmurHash(utf8.encode(term)) | 0);
  const runTerms = createRunTerms(stem, number);
  const termsOfCompound = (compound: CompoundWord): CompoundTerms => {
    const { words } = compound;
    const stopped = words.filter(({ text }) => stopWords.has(text.toLowerCase()));
    const kept = words.filter((word) => !stopped.includes(word)).map(({ text }) => runTerms(text));
    const parts = words.flatMap(identifierParts).map(({ text }) => text.toLowerCase());
    const joined = stopped.length < words.length ? joinedWord(compound)?.toLowerCase() : undefined;
    const others = [...parts, ...(joined === undefined ? [] : [joined])];
    const variants = others.filter((text) => !stopWords.has(text)).map((text) => number(stem(text)));
    return {
      content: kept.flatMap(({ content }) => content),
      variants,
      inner: kept.flatMap(({ inner }) => inner),
      stops: stopped.map(({ text }) => number(stem(text.toLowerCase()))),
      names: stopped
        .filter(({ text }) => CAPITALS.test(text))
        .map(({ text }) => ({ capitals: number(text), plain: number(stem(text.toLowerCase())) })),
    };
  };
  const recall = remembering(termsOfCompound);
  return (text, role) => {
    const compounds = compoundWords(canonicalText(text));
    const isInCapitals = compounds.length >= LEAST_WORDS_IN_CAPITALS && !SMALL_LETTER.test(text);
    return combined(compounds.map(recall), role, isInCapitals);
  };
}

function combined(all: readonly CompoundTerms[], role: EmbedRole, isInCapitals: boolean): TextTerms {
  const content = all.flatMap((terms) => terms.content);
  const length = content.length;
  const variants = all.flatMap((terms) => terms.variants);
  const names = isInCapitals ? [] : all.flatMap((terms) => terms.names);
  const capitals = names.map((name) => name.capitals);
  const stops = (): readonly number[] => all.flatMap((terms) => terms.stops);
  if (role === "document") {
    const inner = all.flatMap((terms) => terms.inner);
    return { terms: [...content, ...variants, ...inner, ...capitals, ...stops()], length };
  }
  const asked = [...content, ...variants, ...capitals, ...names.map(({ plain }) => plain)];
  return { terms: asked.length > 0 ? asked : stops(), length };
}

function remembering(termsOf: (compound: CompoundWord) => CompoundTerms): typeof termsOf {
  const remembered = new Map<string, CompoundTerms>();
  return (compound) => {
    if (compound.text.length > MAX_REMEMBERED_LENGTH) return termsOf(compound);
    const known = remembered.get(compound.text);
    if (known) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const terms = termsOf(compound);
    remembered.set(compound.text, terms);
    return terms;
  };
}

async function loadStemmer(language: Bm25Language): Promise<(word: string) => string> {
  if (language === "none") return (word) => word;
  // The stemmers' file is large and many apps never encode, so it is loaded on first use.
  const { newStemmer } = await import("snowball-stemmers");
  const stemmer = newStemmer(language);
  return (word) => (word.length > MAX_STEMMED_LENGTH ? word : stemmer.stem(word));
}
