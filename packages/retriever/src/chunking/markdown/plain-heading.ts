/** A path repeats in every chunk below the heading, so a title that is a whole page is cut. */
const LONGEST_TITLE = 200;
const LONGEST_SOURCE = 2_000;

/** A heading as a reader sees it: code marks, emphasis, links, images, tags and anchors taken off. */
export function plainHeading(markdown: string): string {
  const source = markdown.slice(0, LONGEST_SOURCE);
  const plain = markup.test(source) ? withoutMarkup(source) : source.trim();
  const title = plain === "" ? source.replace(/\s+/g, " ").trim() : plain;
  if (title.length <= LONGEST_TITLE) return title;
  // toWellFormed: the cut may fall inside a surrogate pair.
  return `${title.slice(0, LONGEST_TITLE - 1).toWellFormed()}…`;
}

const markup = /[<[{`*_~\\]|\s\s|[\t\r\n]/;

function withoutMarkup(source: string): string {
  return source
    .replace(/<\/?[a-z][^<>]*>/gi, "")
    .replace(/!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, "$1")
    .replace(/!?\[([^[\]]*)\]\[[^[\]]*\]/g, "$1")
    .replace(/\{#[\w-]+\}\s*$/, "")
    .replace(/`+|\*\*|__|~~/g, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
