/** Links that TypeDoc writes with the template `sources:`. Their text is `packages/core/src/index.ts:7`. */
const link = /href="sources:">([^<:]+):(\d+)</g;

/** A page whose links lead to the site's own source pages, and the files that these show. */
export interface LinkedSources {
  readonly contents: string;
  /** Paths from the repository's root. */
  readonly files: readonly string[];
}

/** Makes the links relative to the page, so that the site works below any address. */
export function linkSources(contents: string, pageUrl: string): LinkedSources {
  const up = "../".repeat(pageUrl.split("/").length - 1);
  return {
    contents: contents.replaceAll(link, `href="${up}sources/$1.html#L$2">$1:$2<`),
    files: [...contents.matchAll(link)].map(([, file = ""]) => file),
  };
}

/** The page of one source file, with an anchor on each line. */
export function renderSource(file: string, text: string): string {
  const home = "../".repeat(file.split("/").length);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line, at) => `<span id="L${at + 1}"><a href="#L${at + 1}">${at + 1}</a>${escape(line)}\n</span>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(file)} | Binnacle</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 1rem; }
pre { font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-x: auto; }
pre a { display: inline-block; width: 3.5em; margin-right: 1em; text-align: right; color: GrayText; text-decoration: none; }
span:target { background: Mark; color: MarkText; }
</style>
<p><a href="${home}index.html">Binnacle</a> · ${escape(file)}</p>
<pre>${lines.join("")}</pre>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
