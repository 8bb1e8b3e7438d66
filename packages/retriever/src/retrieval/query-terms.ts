import type { CallOptions, SparseEncoder } from "@binnacle/core";
import { encodeChecked } from "@binnacle/core/kit";
import { termPieces, termsOfPieces } from "./term-pieces.ts";

/** One distinct term of a query. */
export interface QueryTerm {
  /** The sparse encoder's number for it. */
  readonly index: number;
  /** The first word of the query that has it, or the part of a word that is it. */
  readonly word: string;
}

/** Longer queries are pasted texts: their first terms say enough. */
const maxTerms = 64;

/** The distinct terms of a query, in its order. */
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
