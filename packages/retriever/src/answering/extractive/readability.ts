/**
 * Limits in characters. A shorter text without a final mark is a caption or label, and a longer text is a
 * table or listing.
 */
const [shortest, longest] = [40, 500];
/** The largest share of symbols in prose. Code, tables and synopses have more. */
const maxSymbols = 0.12;
const code = /[{};]\s*\n|\);|=>|```|~~~/u;
const ending = /[.!?…。！？:]["'”’)\]*_`]*$/u;

/** Rates how well a text reads as a sentence of an answer, 0 to 1. */
export function readability(text: string): number {
  if (/^[#|]/u.test(text) || code.test(text)) return 0.4;
  const symbols = text.replace(/[\p{L}\p{M}\p{N}\s,.'"’“”()-]/gu, "").length;
  if (symbols > maxSymbols * text.length) return 0.5;
  if (text.length < shortest && !ending.test(text)) return 0.5;
  return text.length > longest ? longest / text.length : 1;
}
