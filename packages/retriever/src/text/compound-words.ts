import { once } from "@binnacle/core/kit";
import type { WordRange } from "@binnacle/core/stores";
import { invisibleCharacters } from "./canonical-text.ts";

/** Words that are written together, such as `e-mail`, `max_retries` or `getUserById`. */
export interface CompoundWord extends WordRange {
  /** The words between the hyphens, underscores and full stops. */
  readonly words: readonly WordRange[];
}

// Marks are letters' accents, and vowels in many scripts.
const word = `[\\p{Alphabetic}\\p{N}\\p{M}${invisibleCharacters}]+`;
// A full stop joins letters only, because 3.5 is not 35.
const joint = String.raw`[-\u2010\u2011_]|(?<=\p{L})\.(?=\p{L})`;
const compoundPattern = once(() => new RegExp(`${word}(?:(?:${joint})${word})*`, "gu"));
const wordPattern = once(() => new RegExp(word, "gu"));
/** Matches between `get` and `User`, between `HTTP` and `Server`, and between letters and digits. */
const SEAM =
  /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=[\p{L}\p{M}])(?=\p{N})|(?<=\p{N})(?=\p{L})/gu;
/** A seam needs a capital behind another character, or a digit beside a letter. */
const MAY_HAVE_SEAM = /.\p{Lu}|\p{N}\p{L}|[\p{L}\p{M}]\p{N}/u;
/** A word with more parts is a hash or an encoding, whose parts mean nothing. */
const MOST_PARTS = 8;
const MOST_LENGTH = 64;

/** Finds the words of a text. Words without a white space between them are one compound. */
export function compoundWords(text: string): readonly CompoundWord[] {
  return [...text.matchAll(compoundPattern())].map(({ 0: compound, index }) => ({
    text: compound,
    start: index,
    words: [...compound.matchAll(wordPattern())].map(({ 0: part, index: at }) => ({
      text: part,
      start: index + at,
    })),
  }));
}

/** Returns the parts of an identifier such as `getUserById` or `python3`. Empty for any other word. */
export function identifierParts({ text, start }: WordRange): readonly WordRange[] {
  if (text.length > MOST_LENGTH || !MAY_HAVE_SEAM.test(text)) return [];
  const cuts = [...text.matchAll(SEAM)].map(({ index }) => index);
  if (cuts.length === 0 || cuts.length >= MOST_PARTS) return [];
  return [0, ...cuts].map((from, i) => ({
    text: text.slice(from, cuts[i] ?? text.length),
    start: start + from,
  }));
}

/** Returns the words of a compound in one, such as `email` for `e-mail`. Undefined for a single word. */
export function joinedWord({ text, words }: CompoundWord): string | undefined {
  if (words.length < 2 || text.length > MOST_LENGTH) return undefined;
  return words.map((part) => part.text).join("");
}
