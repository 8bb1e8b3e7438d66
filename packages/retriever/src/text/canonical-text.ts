import { once } from "@binnacle/core/kit";
/** Characters that no reader sees, for a character class of a regular expression. They stand inside words. */
export const invisibleCharacters = "\\u00ad\\u200b-\\u200d\\u2060\\ufeff";

const invisible = once(() => new RegExp(`[${invisibleCharacters}]`, "gu"));
const NOT_ASCII = /[\u0080-\u{10ffff}]/u;

/**
 * Returns the text in its one canonical form: composed accents, plain letters for full width and ligatures,
 * and no invisible characters. ASCII is unchanged.
 */
export function canonicalText(text: string): string {
  return NOT_ASCII.test(text) ? text.normalize("NFKC").replace(invisible(), "") : text;
}
