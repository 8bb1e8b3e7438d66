import { inlineWords } from "./inline/inline-words.ts";

/** The longest title, in UTF-16 units. Every chunk below a heading repeats it, so a longer title is cut. */
const LONGEST_TITLE = 200;
const LONGEST_SOURCE = 2_000;

/** Returns the visible words of a heading. A heading without words, such as an image, yields its source. */
export function plainHeading(markdown: string): string {
  return headingWords(markdown) || shorten(cut(markdown, LONGEST_SOURCE).replace(/\s+/g, " ").trim());
}

const markup = /[<[{`*_~\\&]|\s\s|[\t\r\n]/;
const anchor = /\{#[\w-]+\}\s*$/;

/** Returns the words of a heading without its markup and anchor. Empty if it has no words. */
export function headingWords(markdown: string): string {
  const source = cut(markdown, LONGEST_SOURCE);
  return shorten(markup.test(source) ? inlineWords(source.replace(anchor, "")) : source.trim());
}

function shorten(title: string): string {
  return title.length <= LONGEST_TITLE ? title : `${cut(title, LONGEST_TITLE - 1)}…`;
}

/** Returns the first characters of a text. A half surrogate pair at the end is replaced. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).toWellFormed();
}
