import { inlineWords } from "./inline/inline-words.ts";

/** A path repeats in every chunk below the heading, so a title that is a whole page is cut. */
const LONGEST_TITLE = 200;
const LONGEST_SOURCE = 2_000;

/** A heading in the words that a reader sees; as it is written where it has none, such as one that is an image. */
export function plainHeading(markdown: string): string {
  return headingWords(markdown) || shorten(cut(markdown, LONGEST_SOURCE).replace(/\s+/g, " ").trim());
}

const markup = /[<[{`*_~\\&]|\s\s|[\t\r\n]/;
const anchor = /\{#[\w-]+\}\s*$/;

/** The words of a heading, without its markup and anchor; empty where it has none. */
export function headingWords(markdown: string): string {
  const source = cut(markdown, LONGEST_SOURCE);
  return shorten(markup.test(source) ? inlineWords(source.replace(anchor, "")) : source.trim());
}

function shorten(title: string): string {
  return title.length <= LONGEST_TITLE ? title : `${cut(title, LONGEST_TITLE - 1)}…`;
}

/** The first characters of a text; the last of them may be half of a surrogate pair, which is then replaced. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).toWellFormed();
}
