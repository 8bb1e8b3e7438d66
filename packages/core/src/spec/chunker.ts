import type { Document } from "./document.ts";
import type { Metadata } from "./metadata.ts";

/** A passage of a document, small enough to embed. */
export interface Chunk {
  /** Position among the document's chunks, from 0. */
  readonly index: number;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** Always `document.text.slice(start, end)`. Never blank. */
  readonly text: string;
  /** What is embedded before the text but never cited: the heading path, say. May be empty. */
  readonly context: string;
  /** Tokens of `text` alone, counted on this very slice by the chunker's tokenizer. Never over the chunker's limit. */
  readonly tokens: number;
  /** Heading or symbol names from the outermost to the innermost that hold the chunk. */
  readonly path: readonly string[];
  /** The document's metadata, unchanged. */
  readonly metadata: Metadata;
}

/** Cuts documents into chunks. Pure: the same document always yields the same chunks. */
export interface Chunker {
  /** Changes whenever the chunks could: names the algorithm, its version, its limits and its tokenizer. Part of
   * the fingerprint that decides whether a stored document is up to date. */
  readonly id: string;
  /**
   * The document's chunks in order, produced as they are asked for, without any I/O. Every character that is not
   * white space lies in at least one chunk; a blank document yields none.
   */
  chunk(document: Document): Iterable<Chunk>;
}
