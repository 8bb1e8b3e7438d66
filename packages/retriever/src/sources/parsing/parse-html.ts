import { setImmediate as nextTurn } from "node:timers/promises";
import { BinnacleError, type ParsedDocument } from "@binnacle/core";
import { Parser } from "htmlparser2";
import { htmlOutline } from "./html-outline.ts";
import { HtmlReader } from "./html-reader.ts";
import type { HtmlRegion } from "./is-unseen.ts";

/** Characters parsed before other work gets a turn: at most 18 ms of work. */
const sliceLength = 16_384;
/**
 * The deepest nesting that is parsed. The parser compares an end tag without a start tag with all open
 * elements, so its time is depth times length. 2 MB of such tags at this depth took a second, and up to four
 * seconds if several regions are read. Chromium nests at most 512 elements.
 */
const deepest = 1_000;

/**
 * Parses an HTML page. The document's text is the visible text without navigation, and its headings, tables
 * and code form the outline. It reads `main`, or else the page's only `article`, or else the body. Rejects
 * with code `too_deep` if the page nests too many elements, and with the signal's reason on an abort.
 */
export async function parseHtml(html: string, signal?: AbortSignal): Promise<ParsedDocument> {
  for (const region of regionsOf(html)) {
    const reader = await read(html, region, signal);
    const text = reader.text.toString();
    if (text === "" && region !== "everything") continue;
    const title = reader.title.replace(/\s+/g, " ").trim() || reader.headings[0]?.title;
    const outline = htmlOutline(reader.headings, reader.blocks, text.length);
    return { text, mediaType: "text/plain", title, uri: reader.canonicalUrl, outline, metadata: {} };
  }
  throw new BinnacleError("internal", "No part of the HTML page was read. This is a bug in parseHtml.");
}

/** Lists the regions to try, best first. A tag name in a comment or script costs only one useless pass. */
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
    `the page nests more than ${deepest} elements, perhaps because tags were never closed. Repair or exclude it.`,
  );
}
