import type {
  CallOptions,
  Collection,
  Hit,
  Metadata,
  SearchQuery,
  SparseEncoder,
  SparseVector,
} from "@binnacle/core";
import { termPieces, termsOfPieces } from "./term-pieces.ts";

/** One distinct term of a query. */
export interface QueryTerm {
  /** The sparse encoder's number for it. */
  readonly index: number;
  /** The first word of the query that has it, or the part of a word that is it. */
  readonly word: string;
}

/** How rare a term is. */
export interface TermStatistic {
  readonly idf: number;
  readonly known: boolean;
}

/** Longer queries are pasted texts: their first terms say enough, and each one costs a search. */
const maxTerms = 64;

/** The distinct terms of a query, in its order. */
export async function queryTerms(
  encoder: SparseEncoder,
  query: string,
  options: CallOptions,
): Promise<readonly QueryTerm[]> {
  const pieces = termPieces(query);
  const termsOf = await termsOfPieces(pieces, (texts) =>
    encoder.encode(texts, { ...options, role: "query" }),
  );
  const terms = new Map<number, QueryTerm>();
  for (const piece of pieces) {
    for (const index of termsOf(piece)) if (!terms.has(index)) terms.set(index, { index, word: piece.text });
  }
  return [...terms.values()].slice(0, maxTerms);
}

/**
 * One query per term that finds the point with the highest score for it. A sparse score is weight × stored weight × IDF,
 * so this one hit gives away the IDF, in every store and without a call of its own.
 */
export function termQueries<M extends Metadata>(terms: readonly QueryTerm[]): readonly SearchQuery<M>[] {
  return terms.map(({ index }) => ({ legs: [{ sparse: singleTerm(index) }], limit: 1 }));
}

/** What {@link termQueries} brought to light. */
export interface TermStatistics {
  /** Points of the collection. */
  readonly points: number;
  /** One per term. */
  readonly terms: readonly TermStatistic[];
}

/** The statistics of the terms from the answers to {@link termQueries}. */
export async function termStatistics<M extends Metadata>(
  terms: readonly QueryTerm[],
  answers: readonly (readonly Hit<M>[])[],
  collection: Collection<M>,
  options: CallOptions,
): Promise<TermStatistics> {
  const ids = [...new Set(answers.flatMap((hits) => hits.map(({ id }) => id)))];
  const [found, points] = await Promise.all([
    ids.length === 0 ? [] : collection.get(ids, { ...options, includeVectors: true }),
    collection.count(undefined, options),
  ]);
  const stored = new Map(found.flatMap((point) => (point === undefined ? [] : [[point.id, point]])));
  const statistics = terms.map(({ index }, position) => {
    const hit = answers[position]?.[0];
    if (hit === undefined) return { idf: unknownIdf(points), known: false };
    const weight = weightOf(stored.get(hit.id)?.sparse, index);
    // A point that was rewritten in between may not have the term; a stored weight of 1 is that of an average text.
    return { idf: hit.score / (weight === 0 ? 1 : weight), known: true };
  });
  return { points, terms: statistics };
}

/** IDF of a term in none of `points`, by the formula of `SparseSpec.idf`. */
function unknownIdf(points: number): number {
  return Math.log(1 + (points + 0.5) / 0.5);
}

function singleTerm(index: number): SparseVector {
  return { indices: Uint32Array.of(index), values: Float32Array.of(1) };
}

function weightOf(vector: SparseVector | undefined, index: number): number {
  const position = vector?.indices.indexOf(index) ?? -1;
  return vector?.values[position] ?? 0;
}
