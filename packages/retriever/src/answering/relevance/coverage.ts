import type { Retrieval, TermTrace } from "@binnacle/core";

/** Added to every IDF, so that in a small collection, where IDFs say little, a missing word does not outweigh the rest. */
const evenWeight = 4;
/** A name that no document has is most likely what the question is about. */
const unknownNameFactor = 3;

/**
 * The largest share of the terms, weighted by how rare they are, that one passage and its headings have. Undefined without
 * terms.
 */
export function bestCoverage(
  { passages, query }: Retrieval,
  terms: readonly TermTrace[],
): number | undefined {
  const weigh = (term: TermTrace): number =>
    (term.idf + evenWeight) * (isUnknownName(term, query) ? unknownNameFactor : 1);
  const total = terms.reduce((sum, term) => sum + weigh(term), 0);
  if (total === 0) return undefined;
  const coverages = [...passages.keys()].map((passage) =>
    terms.reduce((sum, term) => sum + (hasTerm(term, passage) ? weigh(term) : 0), 0),
  );
  return Math.max(...coverages) / total;
}

/** True if a passage has a term, in its text or above it. */
export function hasTerm(term: TermTrace, passage: number): boolean {
  return term.headings.includes(passage) || term.matches.some((match) => match.passage === passage);
}

/** The distinct terms that name something and that no point has, most likely what the question is about. */
export function unknownNamesOf({ query }: Retrieval, terms: readonly TermTrace[]): readonly string[] {
  return [...new Set(terms.filter((term) => isUnknownName(term, query)).map(({ term }) => term))];
}

/** Days, months and feasts have a capital and name nothing that a question is about. */
const calendar: ReadonlySet<string> = new Set(
  "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december christmas easter".split(
    " ",
  ),
);

/** Names have a capital within a sentence, or capitals, digits or underscores inside: `Kafka`, `pgBouncer`, `Neo4j`, `pg_cron`. */
function isUnknownName({ term, known }: TermTrace, query: string): boolean {
  if (known || !/\p{Ll}/u.test(query)) return false;
  // Two capitals are a common abbreviation, such as PR or TV.
  if (calendar.has(term.toLowerCase()) || /^\p{Lu}{2}$/u.test(term)) return false;
  // Anchored, so that a long term is read once.
  if (/^\P{Ll}*\p{Ll}\P{Lu}*\p{Lu}/u.test(term) || /\p{L}\d|\d\p{L}/u.test(term)) return true;
  if (query.includes(`_${term}`) || query.includes(`${term}_`)) return true;
  return /^\p{Lu}/u.test(term) && !query.trimStart().startsWith(term) && !german.test(query);
}

/** German writes every noun with a capital: there, a capital says nothing. */
const german =
  /(?<!\p{L})(?:wann|wo|wie|wer|warum|welche[rsmn]?|der|das|ein|eine[rsmn]?|ist|sind|wird|werden|und|für|zum|zur|nicht)(?!\p{L})/iu;
