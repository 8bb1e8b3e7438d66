import type { BinnacleError } from "@binnacle/core";
import { decodeText, isHtml } from "./decode-text.ts";
import { parseHtml } from "./parse-html.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import type { ParsedText } from "./parsed-text.ts";

/** What {@link parseFile} may tell and how it may be stopped. */
export interface ParseFileOptions {
  readonly signal?: AbortSignal | undefined;
  /** Something that is left out of the document without hurting the rest. */
  readonly onIgnored: (error: BinnacleError) => void;
}

/** A file's bytes as a document, by its media type. Throws a `BinnacleError` where they cannot be read as that. */
export async function parseFile(
  bytes: Uint8Array,
  mediaType: string,
  { signal, onIgnored }: ParseFileOptions,
): Promise<ParsedText> {
  const text = decodeText(bytes, mediaType);
  if (isHtml(mediaType)) return await parseHtml(text, signal);
  if (mediaType === "text/markdown") return parseMarkdown(text, onIgnored);
  return { text, mediaType, metadata: {} };
}
