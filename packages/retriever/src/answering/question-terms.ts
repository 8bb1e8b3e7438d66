import type { Retrieval, TermTrace } from "@binnacle/core";
import { contentWords } from "./content-words.ts";

/** Words by which one asks: they say nothing about what one asks for. */
const askingWords = new Set(
  "please tell explain describe show know want need help mean means way kindly thank thanks hello hi hey could would should must might shall cannot many much happen happens happened possible anyone anybody someone somebody".split(
    " ",
  ),
);
/** "How long is it kept?" is answered by "for 35 days": what is asked for by degree is rarely called so. */
const degree = /\bhow\s+(long|often|far|fast|quickly|soon|big|large|small|high|old|late|early)\b/giu;

/**
 * The terms of the question's subject; where the retriever has no lexical encoder, its content words, all alike. A question
 * of nothing but words by which one asks is about these words.
 */
export function questionTerms(retrieval: Retrieval): readonly TermTrace[] {
  const terms = retrieval.trace.terms ?? wordTerms(retrieval);
  const degrees = [...retrieval.query.matchAll(degree)].map(([, word = ""]) => word.toLowerCase());
  const subject = terms.filter(({ term }) => {
    const word = term.toLowerCase();
    return !askingWords.has(word) && !degrees.includes(word);
  });
  return subject.length === 0 ? terms : subject;
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
