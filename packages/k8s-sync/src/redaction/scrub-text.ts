import { hidden } from "./hidden.ts";
import { looksRandom } from "./looks-random.ts";
import { secretPatterns } from "./secret-patterns.ts";

const longWord = /(sha\d+[:-])?[A-Za-z0-9+/_=-]{20,}/g;

/** Returns true for a text that cannot hold a secret's form: it is very short, or a few letters. */
export function isPlainWord(text: string): boolean {
  return text.length < 6 || /^(?!eyJ|ZXlK|[sprk]{2}-)[A-Za-z][A-Za-z-]{0,18}$/.test(text);
}

/**
 * Returns the text with `(hidden)` in place of everything that has the form of a secret: keys of known
 * services, PEM blocks, JWTs, passwords in URLs, assignments to names such as `token`, and random words.
 */
export function scrubText(text: string): string {
  if (isPlainWord(text)) return text;
  let clean = text;
  for (const [pattern, replacement] of secretPatterns) clean = clean.replace(pattern, replacement);
  return clean.replace(longWord, (word, digest: string | undefined) =>
    digest === undefined && looksRandom(word) ? hidden : word,
  );
}
