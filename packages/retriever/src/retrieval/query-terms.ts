import type { CallOptions, SparseEncoder, SparseVector } from "@binnacle/core";
import { encodeChecked } from "@binnacle/core/kit";
import { termPieces, termsOfPieces } from "./term-pieces.ts";

/** One distinct term of a query. */
export interface QueryTerm {
  /** The sparse encoder's number for the term. */
  readonly index: number;
  /** The first word, or part of a word, in the query that yields the term. */
  readonly word: string;
  /** The terms of the word's parts, such as those of `e` and `mail` for `e-mail`. Empty for a plain word. */
  readonly parts: readonly number[];
}

/** The most terms that are traced. A longer query is a pasted text, for which the first terms are enough. */
const maxTerms = 64;

/**
 * Returns the distinct terms of a query in reading order, at most 64. A word that yields a term only by
 * itself, such as a stop word, has none here.
 */
export async function queryTerms(
  encoder: SparseEncoder,
  query: string,
  options: CallOptions,
): Promise<readonly QueryTerm[]> {
  const pieces = termPieces(query);
  const encode = (texts: readonly string[]): Promise<readonly SparseVector[]> =>
    encodeChecked(encoder, texts, { ...options, role: "query" });
  const [termsOf, [asked]] = await Promise.all([termsOfPieces(pieces, encode), encode([query])]);
  const inQuery = new Set(asked?.indices);
  const terms = new Map<number, QueryTerm>();
  for (const piece of pieces) {
    const { text: word, parts: names } = piece;
    const parts = names.flatMap((text) => [...termsOf({ text })]).filter((term) => inQuery.has(term));
    for (const index of termsOf(piece))
      if (inQuery.has(index) && !terms.has(index)) terms.set(index, { index, word, parts });
  }
  return [...terms.values()].slice(0, maxTerms);
}
