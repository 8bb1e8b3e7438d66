import type { Document } from "./document.ts";
import type { Metadata } from "./metadata.ts";

/** A range of a document's text, small enough to embed. */
export interface Chunk {
  /** Position among the document's chunks, counted from 0. */
  readonly index: number;
  /** Offset of the first character in the document's text, in UTF-16 units. */
  readonly start: number;
  /** Offset after the last character, in UTF-16 units. */
  readonly end: number;
  /** Equals `document.text.slice(start, end)`. Never blank. */
  readonly text: string;
  /** Words that are embedded before the text but never cited, such as the heading path. May be empty. */
  readonly context: string;
  /** Tokens of `text` without `context`, as the chunker's tokenizer counts them. Never over the chunker's
   * limit. */
  readonly tokens: number;
  /** Names of the headings or symbols around the chunk, outermost first. */
  readonly path: readonly string[];
  /** The document's metadata, unchanged. */
  readonly metadata: Metadata;
}

/** Splits documents into chunks. The same document always yields the same chunks. */
export interface Chunker {
  /** Names the algorithm, its version, its limits and its tokenizer. Changes whenever the chunks may change.
   * The indexer compares it to decide whether a stored document is up to date. */
  readonly id: string;
  /**
   * Yields the document's chunks in order, lazily and without I/O. Every character that is not white space
   * lies in at least one chunk, except in parts that are no content, such as front matter. A blank document
   * yields no chunks.
   */
  chunk(document: Document): Iterable<Chunk>;
}
