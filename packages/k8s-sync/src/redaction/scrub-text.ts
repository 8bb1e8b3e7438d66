import { hidden } from "./hidden.ts";
import { looksRandom } from "./looks-random.ts";
import { keyPatterns, secretPatterns } from "./secret-patterns.ts";

const longWord = /(sha\d+[:-])?[A-Za-z0-9+/_=-]{20,}/g;

/** Most characters of one text that are read. */
const longest = 32_000;

/** Returns true for a text that cannot hold a secret's form: it is very short, or a few letters. */
export function isPlainWord(text: string): boolean {
  return text.length < 6 || /^(?!eyJ|ZXlK|[sprk]{2}-)[A-Za-z][A-Za-z-]{0,18}$/.test(text);
}

/** Returns true for a text of one word, which has the form of a secret only if it is a key. */
export function isSingleWord(text: string): boolean {
  return /^[\w.-]+$/.test(text);
}

/**
 * Returns the text with `(hidden)` in place of everything that has the form of a secret: keys of known
 * services, PEM blocks, JWTs, passwords in URLs, assignments to names such as `token`, and random words.
 * Only the first 32,000 characters are returned.
 */
export function scrubText(text: string): string {
  if (isPlainWord(text)) return text;
  let clean = cutText(text, longest);
  const patterns = isSingleWord(text) ? keyPatterns : secretPatterns;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean.replace(longWord, (word, digest: string | undefined) =>
    digest === undefined && looksRandom(word) ? hidden : word,
  );
}

/** Returns at most `length` characters. The cut is at a space, because a part of a secret has no form. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length);
  const word = /\S*$/.exec(kept.slice(-4096))?.[0] ?? "";
  return `${kept.slice(0, kept.length - word.length).trimEnd()} …`;
}
