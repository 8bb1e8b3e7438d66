import type { BinnacleError, ParsedDocument } from "@binnacle/core";
import { decodeText, isHtml } from "./decode-text.ts";
import { parseHtml } from "./parse-html.ts";
import { parseMarkdown } from "./parse-markdown.ts";

/** Options of {@link parseFile}. */
export interface ParseFileOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for a part that is left out, such as invalid front matter. The rest of the document is used. */
  readonly onIgnored: (error: BinnacleError) => void;
}

/**
 * Parses a file's bytes by its media type. Rejects with a `BinnacleError` if the bytes do not fit the media
 * type.
 */
export async function parseFile(
  bytes: Uint8Array,
  mediaType: string,
  { signal, onIgnored }: ParseFileOptions,
): Promise<ParsedDocument> {
  const text = await decodeText(bytes, { mediaType, onIgnored });
  if (isHtml(mediaType)) return await parseHtml(text, signal);
  if (mediaType === "text/markdown") return parseMarkdown(text, onIgnored);
  return { text, mediaType, metadata: {} };
}
