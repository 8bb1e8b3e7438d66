import type { Retrieval, TermTrace } from "@binnacle/core";
import { contentWords } from "./content-words.ts";

/** Words by which one asks: they say nothing about what one asks for. */
const askingWords = new Set(
  "please tell explain describe show know want need help mean means way kindly thanks hello hi".split(" "),
);

/** The terms of the question's subject; where the retriever has no lexical encoder, its content words, all alike. */
export function questionTerms(retrieval: Retrieval): readonly TermTrace[] {
  const terms = retrieval.trace.terms ?? wordTerms(retrieval);
  return terms.filter(({ term }) => !askingWords.has(term.toLowerCase()));
}

function wordTerms({ query, passages }: Retrieval): readonly TermTrace[] {
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
