import type { CallOptions, SparseEncoder } from "@binnacle/core";
import { encodeChecked } from "@binnacle/core/kit";
import { termPieces, termsOfPieces } from "./term-pieces.ts";

/** One distinct term of a query. */
export interface QueryTerm {
  /** The sparse encoder's number for the term. */
  readonly index: number;
  /** The first word, or part of a word, in the query that yields the term. */
  readonly word: string;
}

/** The most terms that are traced. A longer query is a pasted text, for which the first terms are enough. */
const maxTerms = 64;

/** Returns the distinct terms of a query in reading order, at most 64. */
export async function queryTerms(
  encoder: SparseEncoder,
  query: string,
  options: CallOptions,
): Promise<readonly QueryTerm[]> {
  const pieces = termPieces(query);
  const termsOf = await termsOfPieces(pieces, (texts) =>
    encodeChecked(encoder, texts, { ...options, role: "query" }),
  );
  const terms = new Map<number, QueryTerm>();
  for (const piece of pieces) {
    for (const index of termsOf(piece)) if (!terms.has(index)) terms.set(index, { index, word: piece.text });
  }
  return [...terms.values()].slice(0, maxTerms);
}
