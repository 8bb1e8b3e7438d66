/** Marks that end a sentence before white space, for a character class of a regular expression. */
export const sentenceMarks = ".!?…";
/** Full-width marks, which end a sentence even without white space after them. */
export const fullWidthMarks = "。！？｡";
/**
 * Closing quotes and brackets that belong to the sentence before them, for a character class of a regular
 * expression.
 */
export const closingMarks: string = "\"'”’»)\\]}」』）】";

/** The length of the longest abbreviation with its full stop, and of the words before a numeral. */
const longest = 14;
const abbreviation =
  /(?:^|[^\p{L}.])(?:\p{L}|(?:\p{L}\.){1,3}\p{L}|e\.g|i\.e|cf|vs|viz|etc|approx|resp|dr|mr|mrs|ms|prof|st|nos?|vol|figs?|eq|sec|al|eds?|jan|feb|aug|sept|oct|nov|dec|inc|ltd|corp|capt|col|gen|lt|sgt|jr|sr|dept|bzw|ca|nr|usw|abs|str|evtl|ggf|inkl|tel)\.$/iu;
/** After these, the full stop usually also ends the sentence. */
const timeOfDay = /(?:^|[^\p{L}.])[ap]\.m\.$/iu;
/** A numeral with its full stop, as German writes "am 3. Oktober". */
const ordinal =
  /(?:^|\s)(?:am|vom|zum|zur|der|die|das|den|dem|des|im|bis|ab|seit|ein|eine[mnrs]?)\s\d{1,2}\.$/iu;
const month =
  /^\s+(?:jan(?:uar|\.)|jänner|feb(?:ruar|\.)|märz|apr(?:il|\.)|mai|jun[i.]|jul[i.]|aug(?:ust|\.)|sep(?:tember|\.|t)|okt(?:ober|\.)|nov(?:ember|\.)|dez(?:ember|\.))/iu;
const numeral = /(?:^|\s)\d{1,2}\.$/u;

/**
 * Returns true if the full stop before `end` belongs to an abbreviation, an initial or a numeral, so that it
 * ends no sentence.
 */
export function endsWithAbbreviation(text: string, end: number, start = 0): boolean {
  const before = text.slice(Math.max(start, end - longest), end);
  if (numeral.test(before)) return ordinal.test(before) || month.test(text.slice(end, end + longest));
  return abbreviation.test(before) && !timeOfDay.test(before);
}
