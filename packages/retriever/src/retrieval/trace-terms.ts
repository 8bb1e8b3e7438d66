import type { CallOptions, Metadata, Passage, SparseEncoder, TermMatch, TermTrace } from "@binnacle/core";
import { type QueryTerm, type TermStatistics, wordPattern } from "./term-statistics.ts";

/** What {@link traceTerms} brings together. */
export interface TermTraceInput<M extends Metadata = Metadata> {
  readonly terms: readonly QueryTerm[];
  readonly statistics: TermStatistics;
  readonly passages: readonly Passage<M>[];
  readonly encoder: SparseEncoder;
}

/** Finds the query's terms in the passages, by the encoder's own idea of which words are the same term. */
export async function traceTerms<M extends Metadata>(
  { terms, statistics, passages, encoder }: TermTraceInput<M>,
  options: CallOptions,
): Promise<readonly TermTrace[]> {
  const headings = passages.map(headingOf);
  const words = [...passages.map(({ text }) => text), ...headings].flatMap(
    (text) => text.match(wordPattern) ?? [],
  );
  const distinct = [...new Set(words)];
  const vectors = await encoder.encode(distinct, { ...options, role: "document" });
  const indices = new Map(distinct.map((word, position) => [word, new Set(vectors[position]?.indices)]));
  const has = (word: string, index: number): boolean => indices.get(word)?.has(index) ?? false;
  return terms.map(({ index, word }, position) => ({
    term: word,
    idf: statistics.terms[position]?.idf ?? 0,
    known: statistics.terms[position]?.known ?? false,
    matches: passages.flatMap((passage, number) => matchesIn(passage, number, (found) => has(found, index))),
    headings: headings.flatMap((heading, number) =>
      (heading.match(wordPattern) ?? []).some((found) => has(found, index)) ? [number] : [],
    ),
  }));
}

function matchesIn(passage: Passage, number: number, isTerm: (word: string) => boolean): TermMatch[] {
  return [...passage.text.matchAll(wordPattern)]
    .filter(([word]) => isTerm(word))
    .map(({ 0: word, index }) => ({
      passage: number,
      start: passage.start + index,
      end: passage.start + index + word.length,
    }));
}

/** What is known of a passage beside its text. */
function headingOf(passage: Passage): string {
  const contexts = passage.hits.map(({ chunk }) => chunk.context);
  return [passage.title ?? "", ...passage.path, ...contexts].join("\n");
}
