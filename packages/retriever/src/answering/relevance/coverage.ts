import type { Retrieval, TermTrace } from "@binnacle/core";

/**
 * Added to every IDF. The IDFs of a small collection say little, so a missing word must not outweigh all
 * others.
 */
const evenWeight = 4;
/**
 * The factor for a name that no document contains, because such a name is most likely the question's subject.
 */
const unknownNameFactor = 3;

/**
 * Computes the largest share of the terms that one passage contains together with its headings, 0 to 1. Rare
 * terms weigh more. Undefined without terms.
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

/**
 * Returns true if a passage contains a term in its text or its headings. `passage` is the passage's index.
 */
export function hasTerm(term: TermTrace, passage: number): boolean {
  return term.headings.includes(passage) || term.matches.some((match) => match.passage === passage);
}

/** Lists the distinct terms that are names and that no point contains. */
export function unknownNamesOf({ query }: Retrieval, terms: readonly TermTrace[]): readonly string[] {
  return [...new Set(terms.filter((term) => isUnknownName(term, query)).map(({ term }) => term))];
}

/** Days, months and feasts. They begin with a capital letter but are rarely a question's subject. */
const calendar: ReadonlySet<string> = new Set(
  "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december christmas easter".split(
    " ",
  ),
);

/**
 * Returns true if no point contains the term and it looks like a name: `Kafka`, `pgBouncer`, `Neo4j`,
 * `pg_cron`.
 */
function isUnknownName({ term, known }: TermTrace, query: string): boolean {
  if (known || !/\p{Ll}/u.test(query)) return false;
  // Two capitals are usually a common abbreviation, such as PR or TV.
  if (calendar.has(term.toLowerCase()) || /^\p{Lu}{2}$/u.test(term)) return false;
  // The anchor keeps the time linear in the term's length.
  if (/^\P{Ll}*\p{Ll}\P{Lu}*\p{Lu}/u.test(term) || /\p{L}\d|\d\p{L}/u.test(term)) return true;
  if (query.includes(`_${term}`) || query.includes(`${term}_`)) return true;
  return /^\p{Lu}/u.test(term) && !query.trimStart().startsWith(term) && !german.test(query);
}

/**
 * Recognises German questions. German writes every noun with a capital, so there a capital does not mark a
 * name.
 */
const german =
  /(?<!\p{L})(?:wann|wo|wie|wer|warum|welche[rsmn]?|der|das|ein|eine[rsmn]?|ist|sind|wird|werden|und|für|zum|zur|nicht)(?!\p{L})/iu;
