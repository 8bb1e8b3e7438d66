import { setImmediate as nextTurn } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";
import { Parser } from "htmlparser2";
import { htmlOutline } from "./html-outline.ts";
import { HtmlReader } from "./html-reader.ts";
import type { HtmlRegion } from "./is-unseen.ts";
import type { ParsedText } from "./parsed-text.ts";

/** Characters parsed between two turns of the event loop: 18 ms of work where they cost the most. */
const sliceLength = 16_384;
/**
 * For an end tag that fits no open element the parser compares all of them, so that its time is depth times length. 2 MB
 * of such tags at this depth took a second, twice that if the page has no text, four times if it has an empty `main` and
 * an empty `article` too. Chromium nests no deeper than 512.
 */
const deepest = 1_000;

/**
 * HTML: the document's text is what a reader of the page sees, without navigation; its headings, tables and code are
 * the outline. Reads `main`, or the page's one `article`, or the body. Throws code `too_deep`; an abort rejects with
 * the signal's reason.
 */
export async function parseHtml(html: string, signal?: AbortSignal): Promise<ParsedText> {
  for (const region of regionsOf(html)) {
    const reader = await read(html, region, signal);
    const text = reader.text.toString();
    if (text === "" && region !== "everything") continue;
    const title = reader.title.replace(/\s+/g, " ").trim() || reader.headings[0]?.title;
    const outline = htmlOutline(reader.headings, reader.blocks, text.length);
    return { text, mediaType: "text/plain", title, uri: reader.canonicalUrl, outline, metadata: {} };
  }
  throw new BinnacleError("internal", "no part of an HTML page was read");
}

/** What to try, best first. Names in comments or scripts cost a futile pass, and no more. */
function regionsOf(html: string): readonly HtmlRegion[] {
  const hasMain = /<main[\s>]|role\s*=\s*["']?main\b/i.test(html);
  const hasOneArticle = html.match(/<article[\s>]/gi)?.length === 1;
  return [
    ...(hasMain ? ["main" as const] : []),
    ...(hasOneArticle ? ["article" as const] : []),
    "body",
    "everything",
  ];
}

async function read(html: string, region: HtmlRegion, signal: AbortSignal | undefined): Promise<HtmlReader> {
  const reader = new HtmlReader(region);
  let depth = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth += 1;
      if (depth > deepest) throw tooDeep();
      reader.onopentag(name, attributes);
    },
    onclosetag: (name, isImplied) => {
      depth -= 1;
      reader.onclosetag(name, isImplied);
    },
    ontext: (text) => reader.ontext(text),
  });
  for (let start = 0; start < html.length; start += sliceLength) {
    if (start > 0) await nextTurn();
    signal?.throwIfAborted();
    parser.write(html.slice(start, start + sliceLength));
  }
  parser.end();
  return reader;
}

function tooDeep(): BinnacleError {
  return new BinnacleError(
    "too_deep",
    `the page nests more than ${deepest} elements, as tags do that were never closed; repair or exclude it`,
  );
}
