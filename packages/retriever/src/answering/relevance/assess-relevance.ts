import type { Retrieval, TermTrace } from "@binnacle/core";
import { questionTerms } from "./question-terms.ts";

/** Options of {@link assessRelevance}. */
export interface RelevanceOptions {
  /** Least coverage that makes a question answerable, 0 to 1. @default grows with the collection: 0.35 + 0.03 × ln(points
   * + 1), because among more passages more of them have the words by chance, and never less than 0.5 */
  readonly minCoverage?: number | undefined;
}

/** Whether what was found is about the question. Measures, not probabilities. */
export interface Relevance {
  readonly relevant: boolean;
  /**
   * What decided. `coverage`: enough of the question's terms stand in one passage, or not. `similarity`: a dense hit
   * reached its threshold although the words differ. `nothing-found`: no passage. `not-measured`: the retriever has neither
   * a lexical encoder nor a dense threshold, so that whatever was found is taken for relevant.
   */
  readonly reason: "coverage" | "similarity" | "nothing-found" | "not-measured";
  /** The largest weighted share of the question's terms that one passage has, 0 to 1; undefined without terms. */
  readonly coverage?: number | undefined;
  /** The coverage that was asked for. */
  readonly minCoverage?: number | undefined;
  /** Words that name something and that no point of the collection has. */
  readonly unknownNames: readonly string[];
}

/** Added to every IDF, so that in a small collection, where IDFs say little, a missing word does not outweigh the rest. */
const evenWeight = 4;
/** A name that no document has is most likely what the question is about. */
const unknownNameFactor = 3;
/**
 * Judges by the question's own words whether what was found can answer it: the share of its terms, weighted by how rare
 * they are, that one passage and its headings have. The constants were fitted on the
 * development questions of `tests/evaluation`.
 */
export function assessRelevance(retrieval: Retrieval, options: RelevanceOptions = {}): Relevance {
  const { passages, trace, query } = retrieval;
  const terms = trace.terms === undefined ? [] : questionTerms(retrieval);
  const unknownNames = [
    ...new Set(terms.filter((term) => isUnknownName(term, query)).map(({ term }) => term)),
  ];
  if (passages.length === 0) return { relevant: false, reason: "nothing-found", unknownNames };
  const coverage = bestCoverage(retrieval, terms);
  const minCoverage = options.minCoverage ?? leastCoverage(trace.points ?? 0);
  if (coverage !== undefined && coverage >= minCoverage) {
    return { relevant: true, reason: "coverage", coverage, minCoverage, unknownNames };
  }
  const similar = reachesDenseThreshold(retrieval);
  if (similar === true && unknownNames.length === 0) {
    return { relevant: true, reason: "similarity", coverage, minCoverage, unknownNames };
  }
  if (coverage === undefined && similar === undefined)
    return { relevant: true, reason: "not-measured", unknownNames };
  return { relevant: false, reason: "coverage", coverage, minCoverage, unknownNames };
}

/** Half of the question at least; more where more passages can have its words by chance. */
function leastCoverage(points: number): number {
  return Math.max(0.5, 0.35 + 0.03 * Math.log(points + 1));
}

function bestCoverage({ passages, query }: Retrieval, terms: readonly TermTrace[]): number | undefined {
  const weigh = (term: TermTrace): number =>
    (term.idf + evenWeight) * (isUnknownName(term, query) ? unknownNameFactor : 1);
  const total = terms.reduce((sum, term) => sum + weigh(term), 0);
  if (total === 0) return undefined;
  const coverages = [...passages.keys()].map((passage) =>
    terms.reduce((sum, term) => sum + (hasTerm(term, passage) ? weigh(term) : 0), 0),
  );
  return Math.max(...coverages) / total;
}

/** Whether a passage has a term, in its text or above it. */
export function hasTerm(term: TermTrace, passage: number): boolean {
  return term.headings.includes(passage) || term.matches.some((match) => match.passage === passage);
}

/** Names have a capital within a sentence, or capitals, digits or underscores inside: `Kafka`, `pgBouncer`, `Neo4j`, `pg_cron`. */
function isUnknownName({ term, known }: TermTrace, query: string): boolean {
  if (known || !/\p{Ll}/u.test(query)) return false;
  // Anchored, so that a long term is read once.
  if (/^\P{Ll}*\p{Ll}\P{Lu}*\p{Lu}/u.test(term) || /\p{L}\d|\d\p{L}/u.test(term)) return true;
  if (query.includes(`_${term}`) || query.includes(`${term}_`)) return true;
  return /^\p{Lu}/u.test(term) && !query.trimStart().startsWith(term) && !german.test(query);
}

/** German writes every noun with a capital: there, one says nothing. */
const german =
  /(?<!\p{L})(?:wann|wo|wie|wer|warum|welche[rsmn]?|der|das|ein|eine[rsmn]?|ist|sind|wird|werden|und|für|zum|zur|nicht)(?!\p{L})/iu;

/** Undefined where no dense leg has a threshold. */
function reachesDenseThreshold({ passages, trace }: Retrieval): boolean | undefined {
  const leg = trace.legs.findIndex(({ kind }) => kind === "dense");
  const minScore = trace.legs[leg]?.minScore;
  if (minScore === undefined) return undefined;
  // Hits below the threshold were cut: whoever has a place in the leg is above it.
  return passages.some(({ hits }) => hits.some(({ legs }) => legs?.[leg] !== undefined));
}
