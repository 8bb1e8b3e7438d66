/** A line that is shorter and ends no sentence is a caption or a label; a longer stretch is a table or a listing. */
const [shortest, longest] = [40, 500];
/** Prose has fewer other characters than this share; code, tables and synopses have more. */
const maxSymbols = 0.12;
const code = /[{};]\s*\n|\);|=>|```|~~~/u;
const ending = /[.!?…。！？:]["'”’)\]*_`]*$/u;

/** How well a stretch of text reads as a sentence of an answer, from 0 to 1. */
export function readability(text: string): number {
  if (/^[#|]/u.test(text) || code.test(text)) return 0.4;
  const symbols = text.replace(/[\p{L}\p{M}\p{N}\s,.'"’“”()-]/gu, "").length;
  if (symbols > maxSymbols * text.length) return 0.5;
  if (text.length < shortest && !ending.test(text)) return 0.5;
  return text.length > longest ? longest / text.length : 1;
}
