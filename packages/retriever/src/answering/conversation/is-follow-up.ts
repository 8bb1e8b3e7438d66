import { askingTerms } from "../relevance/asking-terms.ts";
import { contentWords, type ContentWord } from "../../text/content-words.ts";
import { namesInCapitals } from "./names-in-capitals.ts";

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
  /^(?:and|but|or|so|then|also|what about|how about|what if|und|aber|oder|dann|was ist mit|wie sieht es|et|mais|ou|alors|qu['’]en est-il|y|pero|entonces|qué hay de|e|ed|ma|allora|mas|então|а|и|но)(?![\p{L}\p{N}-])|^(?:那|还有|還有|では|じゃあ|それで)/iu;
/** Matches "So what is …" and the like. With words of its own, such a question is complete. */
const completed =
  /^(?:and|but|or|so|then|also),? (?:what|who|where|when|why|how|which) (?:is|are|was|were|do|does|did|can|could|should|must|will|would|has|have|had)\b/iu;
/** Referring words that French and Portuguese join to a verb with a hyphen: "coûtent-elles". */
const joined = new Set("elle il ils elles lui leur cela ele ela eles elas".split(" "));
/** A greeting or thanks, which needs no answer. */
const greeting = /^(?:thanks?|hello|hi|hey)\b/iu;
const courtesies = new Set(
  "thank thanks hello hi hey there you so very much many again all for your the help please kindly".split(
    " ",
  ),
);
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
  if (own === 0) return !isCourtesy(question);
  if (own > mostWords) return false;
  const plain = question.replace(/^[\s¿¡]+/u, "").replace(emptyReference, " ");
  if (plain.search(unspacedReference) >= 0 || refersBack(plain)) return true;
  const [beginning] = continuing.exec(plain) ?? [];
  if (beginning === undefined || (own === mostWords && completed.test(plain))) return false;
  return !namesInCapitals(plain).some(({ start, word }) => start === 0 && word === beginning);
}

function isCourtesy(question: string): boolean {
  const words = question.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  return greeting.test(question.trim()) && words.every((word) => courtesies.has(word));
}

function refersBack(question: string): boolean {
  const names = new Set(namesInCapitals(question).map(({ start }) => start));
  return [...question.matchAll(/[\p{L}\p{M}]+/gu)].some(
    ({ 0: word, index }) => !names.has(index) && isReference(word, index, question),
  );
}

/** Returns true for a word that refers to something. The "one" of "one-way" does not. */
function isReference(word: string, start: number, question: string): boolean {
  const lower = word.toLowerCase();
  if (!referring.has(lower) || /^-\p{L}/u.test(question.slice(start + word.length, start + word.length + 3)))
    return false;
  return question[start - 1] !== "-" || joined.has(lower);
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
  const names = namesInCapitals(plain);
  const isName = new Set(names.map(({ start }) => start));
  const others = contentWords(plain).filter(
    ({ word, start }) => !isName.has(start) && !isAsking(word) && !isReference(word, start, plain),
  );
  for (const { stem, start, end } of inOrder([...names, ...others])) {
    const last = phrases.at(-1);
    if (last?.end !== start) phrases.push({ start, end, stems: [stem] });
    else {
      last.end = end;
      last.stems.push(stem);
    }
  }
  return phrases.map(({ start, end, stems }) => ({ text: plain.slice(start, end), stems }));
}

function inOrder(words: readonly ContentWord[]): readonly ContentWord[] {
  return words.toSorted((a, b) => a.start - b.start);
}
