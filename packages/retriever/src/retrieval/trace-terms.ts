import type { CallOptions, Metadata, Passage, SparseEncoder, TermMatch, TermTrace } from "@binnacle/core";
import { encodeChecked } from "@binnacle/core/kit";
import { termPieces, termsOfPieces } from "./term-pieces.ts";
import { inEitherForm } from "./either-form.ts";
import type { QueryTerm } from "./query-terms.ts";
import type { StatisticsOf } from "./term-worth.ts";

/** Terms, their statistics, and the passages to search for them. */
export interface TermTraceInput<M extends Metadata = Metadata> {
  readonly terms: readonly QueryTerm[];
  readonly statistics: StatisticsOf;
  readonly passages: readonly Passage<M>[];
  readonly encoder: SparseEncoder;
}

/**
 * Finds the query's terms in the passages. The encoder decides which words are the same term. A compound word
 * is in a passage in either form, in one or in parts.
 */
export async function traceTerms<M extends Metadata>(
  { terms, statistics, passages, encoder }: TermTraceInput<M>,
  options: CallOptions,
): Promise<readonly TermTrace[]> {
  const texts = passages.map(({ text }) => termPieces(text));
  const headings = passages.map((passage) => termPieces(headingOf(passage)));
  const termsOf = await termsOfPieces([...texts, ...headings].flat(), (distinct) =>
    encodeChecked(encoder, distinct, { ...options, role: "document" }),
  );
  const traced = terms.map(({ index, word }) => ({
    index,
    term: word,
    idf: statistics.byTerm.get(index)?.idf ?? 0,
    known: statistics.byTerm.get(index)?.containing !== 0,
    matches: passages.flatMap(({ start }, passage) =>
      (texts[passage] ?? [])
        .filter((piece) => termsOf(piece).has(index))
        .map((piece): TermMatch => {
          const from = start + piece.start;
          return { passage, start: from, end: from + piece.text.length };
        }),
    ),
    headings: headings.flatMap((pieces, passage) =>
      pieces.some((piece) => termsOf(piece).has(index)) ? [passage] : [],
    ),
  }));
  return inEitherForm(traced, terms).map(({ index: _, ...trace }) => trace);
}

/** Joins the title, headings and chunk contexts of a passage. */
function headingOf(passage: Passage): string {
  const contexts = passage.hits.map(({ chunk }) => chunk.context);
  return [passage.title ?? "", ...passage.path, ...contexts].join("\n");
}
