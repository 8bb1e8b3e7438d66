import type { Retrieval, TermTrace } from "@binnacle/core";
import { contentWords } from "./content-words.ts";

/** The question's terms with their IDF; where the retriever has no lexical encoder, its content words, all alike. */
export function questionTerms({ query, passages, trace }: Retrieval): readonly TermTrace[] {
  if (trace.terms !== undefined) return trace.terms;
  const words = passages.map(({ text }) => contentWords(text));
  const distinct = new Map(contentWords(query).map(({ stem, word }) => [stem, word]));
  return [...distinct].map(([stem, term]) => {
    const matches = passages.flatMap(({ start }, passage) =>
      (words[passage] ?? [])
        .filter((found) => found.stem === stem)
        .map((found) => ({ passage, start: start + found.start, end: start + found.end })),
    );
    return { term, idf: 1, known: matches.length > 0, matches, headings: [] };
  });
}
