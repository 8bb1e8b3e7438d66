import type { Retrieval, TermTrace } from "@binnacle/core";
import { askingTerms } from "./asking-terms.ts";
import { contentWords } from "../../text/content-words.ts";
import { englishFunctionWords } from "../../text/function-words.ts";

/**
 * Returns the terms of the question's subject, without its asking words. If the retriever has no lexical
 * encoder, these are the content words with equal weights. If the question has only asking words, it returns
 * them.
 */
export function questionTerms(retrieval: Retrieval): readonly TermTrace[] {
  const terms = retrieval.trace.terms ?? wordTerms(retrieval);
  const isAsking = askingTerms(retrieval.query);
  const subject = terms.filter(({ term }) => !isAsking(term));
  if (subject.length === 0) return terms;
  // The encoder keeps the stop words of a question that has no other words.
  if (!subject.every(({ term }) => englishFunctionWords.has(term.toLowerCase()))) return subject;
  const names = subject.filter(({ term }) => /^\p{Lu}{2,}$/u.test(term));
  return names.length === 0 ? subject : names;
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
