/** Marks that end a sentence before white space, for a character class of a regular expression. */
export const sentenceMarks = ".!?…";
/** Full-width marks, which end a sentence even without white space after them. */
export const fullWidthMarks = "。！？｡";
/**
 * Closing quotes and brackets that belong to the sentence before them, for a character class of a regular
 * expression.
 */
export const closingMarks: string = "\"'”’»)\\]}」』）】";

/** The length of the longest abbreviation, with its full stop and the character before it. */
const longest = 8;
const abbreviation =
  /(?:^|[^\p{L}.])(?:\p{L}|e\.g|i\.e|cf|vs|viz|etc|approx|resp|dr|mr|mrs|ms|prof|st|nos?|vol|figs?|eq|sec|al|eds?|jan|feb|aug|sept|oct|nov|dec)\.$/iu;

/**
 * Returns true if the full stop before `end` belongs to an abbreviation or an initial, so that it ends no
 * sentence.
 */
export function endsWithAbbreviation(text: string, end: number, start = 0): boolean {
  return abbreviation.test(text.slice(Math.max(start, end - longest), end));
}
