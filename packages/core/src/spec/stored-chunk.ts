import type { Metadata } from "./metadata.ts";

/** The SDK's own fields of a point. They live beside the app's metadata, never among it. */
export interface StoredChunk {
  /** The source the document came from. */
  readonly sourceId: string;
  readonly documentId: string;
  /** Number that the indexer allotted; with tenant, source and document it makes the point's id. */
  readonly slot: number;
  /** Position among the document's chunks, from 0. */
  readonly index: number;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The passage itself. */
  readonly text: string;
  /** What was embedded before the text; never cited. */
  readonly context: string;
  readonly tokens: number;
  readonly path: readonly string[];
  /** SHA-256, hex, of context, text and media: what the vectors were made from. */
  readonly contentHash: string;
  /** Space of the dense vector; missing where there is none. */
  readonly spaceId?: string | undefined;
  /** The sparse encoder that made the sparse vector; missing where there is none. */
  readonly encoderId?: string | undefined;
  /** The source's version of the document when this was written. */
  readonly documentVersion: string;
  readonly mediaType: string;
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  /** {@link Document.observed} when this was written; filters cannot name it. */
  readonly observed?: Metadata | undefined;
}
