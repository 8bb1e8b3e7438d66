/** Marks that end a sentence before white space, as a regular expression's class content. */
export const sentenceMarks = ".!?…";
/** Marks of full width that end a sentence also without white space behind them. */
export const fullWidthMarks = "。！？｡";
/** Closing quotes and brackets that belong to the sentence before them, as a regular expression's class content. */
export const closingMarks: string = "\"'”’»)\\]}」』）】";

/** The longest abbreviation, with the character before it. */
const longest = 8;
const abbreviation =
  /(?:^|[^\p{L}.])(?:\p{L}|e\.g|i\.e|cf|vs|viz|etc|approx|resp|dr|mr|mrs|ms|prof|st|nos?|vol|figs?|eq|sec|al|eds?|jan|feb|aug|sept|oct|nov|dec)\.$/iu;

/** True if the full stop before `end` belongs to an abbreviation or an initial, and so ends no sentence. */
export function endsWithAbbreviation(text: string, end: number, start = 0): boolean {
  return abbreviation.test(text.slice(Math.max(start, end - longest), end));
}
