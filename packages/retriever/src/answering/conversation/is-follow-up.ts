import { askingTerms } from "../relevance/asking-terms.ts";
import { contentWords } from "../../text/content-words.ts";

/** Words that refer to something said before. Articles that look the same, such as "das" or "le", are left out. */
const referring = new Set(
  [
    "it its itself they them their theirs this these those that he him she one ones same such both former latter more else instead example examples elaborate",
    "es sie ihn ihm deren dessen diese dieser dieses diesen davon dafür damit dazu darüber dabei daran mehr",
    "elle ils elles lui leur leurs cela ça ceci celui celle ceux",
    "él ella ellos ellas eso esto esos estos sus",
    "esso essa essi esse loro questo questa quello quella",
    "ele ela eles elas isso isto deles delas",
    "он она оно они его её ее их это этот эта эти",
  ]
    .join(" ")
    .split(" "),
);
const unspacedReference = /它们|它|他们|她们|这个|這個|那个|那個|其|それ|これ|あれ|その|この/gu;
/** Matches a beginning that continues a conversation. */
const continuing =
  /^(?:and|but|or|so|then|also|what about|how about|what if|und|aber|oder|dann|was ist mit|wie sieht es|et|mais|ou|alors|qu['’]en est-il|y|pero|entonces|qué hay de|e|ed|ma|allora|mas|então|а|и|но)(?![\p{L}\p{N}])|^(?:那|还有|還有|では|じゃあ|それで)/iu;
/** German and French sentences with an "it" that refers to nothing. */
const emptyReference = /(?<!\p{L})(?:gibt es|wie sieht es)(?!\p{L})/giu;
/** A question with more words of its own has a subject, although it may begin with "and". */
const mostWords = 2;

/**
 * Judges by words if a question needs the questions before it: it has no word with a meaning, or it has few
 * and refers to something said before.
 */
export function isFollowUp(question: string): boolean {
  const own = subjectPhrases(question).length;
  if (own === 0) return true;
  if (own > mostWords) return false;
  const plain = question.replace(/^[\s¿¡]+/u, "").replace(emptyReference, " ");
  if (continuing.test(plain) || plain.search(unspacedReference) >= 0) return true;
  return (plain.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []).some((word) => referring.has(word));
}

/** A word of a question's subject. In scripts without spaces it is a run of characters. */
export interface SubjectPhrase {
  readonly text: string;
  /** The stems of its words. */
  readonly stems: readonly string[];
}

/** Returns the words of a question that carry its subject, without asking words and references. */
export function subjectPhrases(question: string): readonly SubjectPhrase[] {
  const isAsking = askingTerms(question);
  const plain = question.replace(unspacedReference, (found) => " ".repeat(found.length));
  const phrases: { start: number; end: number; stems: string[] }[] = [];
  for (const { word, stem, start, end } of contentWords(plain)) {
    if (isAsking(word) || referring.has(word.toLowerCase())) continue;
    const last = phrases.at(-1);
    if (last?.end !== start) phrases.push({ start, end, stems: [stem] });
    else {
      last.end = end;
      last.stems.push(stem);
    }
  }
  return phrases.map(({ start, end, stems }) => ({ text: plain.slice(start, end), stems }));
}
