import type { Retrieval } from "@binnacle/core";
import { rankSentences, type RankedSentence } from "./rank-sentences.ts";

/** Sentences that say much less than the best one add noise, not an answer. */
const minShareOfBest = 0.75;
/** Headings, table rules and labels read worse than this. */
const minReadability = 0.9;

/**
 * The sentences that answer best, at most `limit`, at least one: those with the question's words, and if no sentence has any,
 * the first ones of the best passage.
 */
export function bestSentences(retrieval: Retrieval, limit: number): readonly RankedSentence[] {
  const ranked = rankSentences(retrieval);
  const distinct = ranked.filter(
    ({ text }, index) => ranked.findIndex((other) => other.text === text) === index,
  );
  const withTerms = distinct.filter(({ hasOwnTerm, score }) => hasOwnTerm && score > 0);
  const [best] = withTerms;
  if (best === undefined) return firstSentences(retrieval, distinct).slice(0, limit);
  return withTerms.filter(({ score }) => score >= best.score * minShareOfBest).slice(0, limit);
}

/** The sentences of the best passage in reading order, without headings if there is anything else. */
function firstSentences(
  { passages: [first] }: Retrieval,
  sentences: readonly RankedSentence[],
): readonly RankedSentence[] {
  const own = sentences.filter(({ passage }) => passage === first).sort((a, b) => a.start - b.start);
  const readable = own.filter(({ readability }) => readability >= minReadability);
  return readable.length > 0 ? readable : own;
}
