import type { LegTrace, Passage, Retrieval } from "@binnacle/core";
import { rankSentences, type RankedSentence } from "./rank-sentences.ts";

/** Sentences that say much less than the best one add noise, not an answer. */
const minShareOfBest = 0.75;
/** Headings, table rules and labels read worse than this. */
const minReadability = 0.9;

/**
 * The sentences that answer best, at most `limit`, at least one: those with the question's words, and if no sentence has any,
 * the first ones of the nearest passage.
 */
export function bestSentences(retrieval: Retrieval, limit: number): readonly RankedSentence[] {
  const ranked = rankSentences(retrieval);
  const distinct = ranked.filter(
    ({ text }, index) => ranked.findIndex((other) => other.text === text) === index,
  );
  const withTerms = distinct.filter(({ hasOwnTerm, score }) => hasOwnTerm && score > 0);
  const [best] = withTerms;
  if (best === undefined) return firstSentences(retrieval, ranked).slice(0, limit);
  return withTerms.filter(({ score }) => score >= best.score * minShareOfBest).slice(0, limit);
}

/** The sentences of the nearest passage in reading order, without headings if there is anything else. */
function firstSentences(
  retrieval: Retrieval,
  sentences: readonly RankedSentence[],
): readonly RankedSentence[] {
  const nearest = nearestPassage(retrieval.trace.legs, [...new Set(sentences.map(({ passage }) => passage))]);
  const own = sentences.filter(({ passage }) => passage === nearest).sort((a, b) => a.start - b.start);
  const readable = own.filter(({ readability }) => readability >= minReadability);
  return readable.length > 0 ? readable : own;
}

/** The first passage of the dense leg, because words found nothing here; without a dense leg the first of all. */
function nearestPassage(legs: readonly LegTrace[], passages: readonly Passage[]): Passage | undefined {
  const dense = legs.findIndex(({ kind }) => kind === "dense");
  const first = passages.find(({ hits }) => hits.some((hit) => hit.legs?.[dense]?.rank === 1));
  return first ?? passages[0];
}
