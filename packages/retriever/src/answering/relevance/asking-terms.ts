import { functionWordsOf } from "../../text/function-words.ts";

// Asking words say nothing about a question's subject. The English list adds to the encoders' stop words. The
// other lists hold question words, because an encoder may know only English.
const words = new Set(
  [
    "please tell explain describe show know want need help mean means way kindly thank thanks hello hi hey could would should must might shall cannot many much happen happens happened possible anyone anybody someone somebody",
    "wann wo wie was wer wen wem warum weshalb wieso wofür woher wohin womit welche welcher welches welchem welchen bitte kann können",
    "quand où pourquoi qui quoi quel quelle quels quelles combien",
    "cuándo dónde cómo qué quién cuál cuáles cuánto cuántos",
    "quando perché quale quali quanto quanti onde quem qual quantos",
    "когда где как что кто почему зачем какой какая какие сколько куда откуда",
  ]
    .join(" ")
    .split(" "),
);
/**
 * Matches questions of degree. "How long is it kept?" has the answer "for 35 days", which does not contain
 * "long".
 */
const degree = /\bhow\s+(long|often|far|fast|quickly|soon|big|large|small|high|old|late|early)\b/giu;
/**
 * Asking words of scripts without spaces. There an encoder's terms cross the edges of words, so whole phrases
 * are matched.
 */
const unspaced =
  /什么时候|什麼時候|为什么|為什麼|什么|什麼|如何|怎么样|怎么|怎麼|怎样|哪里|哪裡|哪个|哪些|哪|多久|多少|几次|是否|能否|请问|請問|吗|嗎|呢|いつ|どこ|なぜ|どうやって|どのように|どう|どの|どれ|どんな|何時|何|誰|いくつ|ですか|ますか|でしょうか|教えて|ください/gu;

/**
 * Creates a function that returns true if one of the question's terms is an asking word, such as "how" or
 * "please".
 */
export function askingTerms(question: string): (term: string) => boolean {
  const lower = question.toLowerCase();
  const degrees = new Set([...lower.matchAll(degree)].map(([, word]) => word));
  const functionWords = functionWordsOf(question);
  const isAsked = new Uint8Array(lower.length);
  for (const { 0: phrase, index } of lower.matchAll(unspaced)) isAsked.fill(1, index, index + phrase.length);
  const hasUnspaced = isAsked.includes(1);
  return (term) => {
    const word = term.toLowerCase();
    if (words.has(word) || degrees.has(word) || functionWords.has(word)) return true;
    return hasUnspaced && standsOnlyIn(isAsked, word, lower);
  };
}

/** Returns true if the term occurs in the text and each occurrence contains a marked character. */
function standsOnlyIn(marked: Uint8Array, term: string, text: string): boolean {
  let start = term === "" ? -1 : text.indexOf(term);
  if (start < 0) return false;
  for (; start >= 0; start = text.indexOf(term, start + 1)) {
    if (!marked.subarray(start, start + term.length).includes(1)) return false;
  }
  return true;
}
