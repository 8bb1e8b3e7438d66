/** The commonest English words, and those in which answers speak of themselves: they say nothing about a sentence's subject. */
const functionWords = new Set(
  "a about above after again all also an and any are as at be because been before being below between both but by can could did do does doing down during each either for from further had has have having he her here him his how i if in into is it its itself just like may me might more most must my no nor not now of off on once only or other our out over own same shall she should so some such than that the their them then there these they this those through to too under until up upon us use used uses using very was we were what when where whether which while who whom whose why will with within without would you your question questions answer answers source sources".split(
    " ",
  ),
);

/** A word and where it stands. */
export interface ContentWord {
  /** Lower case and cut to its first seven letters, so that most inflections meet. */
  readonly stem: string;
  /** As it is written. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_]+/gu;

/** The words that carry meaning. In scripts without spaces every character counts as one. */
export function contentWords(text: string): readonly ContentWord[] {
  return [...text.matchAll(word)].flatMap(({ 0: found, index }) => {
    const lower = found.toLowerCase();
    if (functionWords.has(lower) || /^[\p{Script=Latin}]$/u.test(lower)) return [];
    return [{ stem: lower.slice(0, 7), word: found, start: index, end: index + found.length }];
  });
}
