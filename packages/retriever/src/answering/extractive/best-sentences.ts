import type { LegTrace, Passage, Retrieval } from "@binnacle/core";
import { rankSentences, type RankedSentence } from "./rank-sentences.ts";

/** A sentence with a smaller share of the best sentence's score is left out, because it adds only noise. */
const minShareOfBest = 0.75;
/** The readability of prose. Headings, table rules and labels are below it. */
const minReadability = 0.9;

/**
 * Returns the sentences that answer best, at most `limit`. If no sentence contains a word of the question, it
 * returns the first sentences of the nearest passage.
 */
export function bestSentences(retrieval: Retrieval, limit: number): readonly RankedSentence[] {
  const ranked = rankSentences(retrieval);
  const distinct = ranked.filter(
    ({ text }, index) => ranked.findIndex((other) => other.text === text) === index,
  );
  const withTerms = distinct.filter(({ hasOwnTerm, score }) => hasOwnTerm && score > 0);
  const pieces = withTerms.filter(({ kind }) => kind !== "heading");
  const [best] = pieces.length > 0 ? pieces : withTerms;
  if (best === undefined) return firstSentences(retrieval, ranked).slice(0, limit);
  const good = (pieces.length > 0 ? pieces : withTerms).filter(
    ({ score }) => score >= best.score * minShareOfBest,
  );
  return withoutParts(good).slice(0, limit);
}

/** Leaves out pieces that a better piece contains, such as an item of a list that is shown whole. */
function withoutParts(pieces: readonly RankedSentence[]): readonly RankedSentence[] {
  return pieces.filter(
    ({ passage, start, end }, index) =>
      !pieces
        .slice(0, index)
        .some((other) => other.passage === passage && other.start <= start && other.end >= end),
  );
}

/** Returns the nearest passage's sentences in reading order, without headings if other sentences exist. */
function firstSentences(
  retrieval: Retrieval,
  sentences: readonly RankedSentence[],
): readonly RankedSentence[] {
  const nearest = nearestPassage(retrieval.trace.legs, [...new Set(sentences.map(({ passage }) => passage))]);
  const own = sentences.filter(({ passage }) => passage === nearest).sort((a, b) => a.start - b.start);
  const readable = own.filter(
    ({ readability, kind }) => readability >= minReadability && kind === "sentence",
  );
  return readable.length > 0 ? readable : own;
}

/**
 * Returns the dense leg's first passage, because no words match here. Without a dense leg it is the first
 * passage of all.
 */
function nearestPassage(legs: readonly LegTrace[], passages: readonly Passage[]): Passage | undefined {
  const dense = legs.findIndex(({ kind }) => kind === "dense");
  const first = passages.find(({ hits }) => hits.some((hit) => hit.legs?.[dense]?.rank === 1));
  return first ?? passages[0];
}
