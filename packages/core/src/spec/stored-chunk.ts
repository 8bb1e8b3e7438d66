import type { Metadata } from "./metadata.ts";

/** The SDK's own fields of a point. Stores keep them apart from the app's metadata. */
export interface StoredChunk {
  /** {@link DocumentSource.id} of the source that produced the document. */
  readonly sourceId: string;
  readonly documentId: string;
  /** Number that the indexer assigned to the chunk. Tenant, source, document and slot together form the
   * point's id. */
  readonly slot: number;
  /** Position among the document's chunks, counted from 0. */
  readonly index: number;
  /** Offset of the first character in the document's text, in UTF-16 units. */
  readonly start: number;
  /** Offset after the last character, in UTF-16 units. */
  readonly end: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  /** Words that were embedded before the text but are never cited. May be empty. */
  readonly context: string;
  /** {@link Chunk.tokens}. */
  readonly tokens: number;
  /** {@link Chunk.path}. */
  readonly path: readonly string[];
  /** Hex SHA-256 of context, text and {@link StoredChunk.imageHash}, from which the vectors were made. */
  readonly contentHash: string;
  /** Hex SHA-256 of the image from which the dense vector was made. Missing if it was made from text alone. */
  readonly imageHash?: string | undefined;
  /** {@link VectorSpace.id} of the dense vector. Missing if the point has no dense vector. */
  readonly spaceId?: string | undefined;
  /** {@link SparseEncoder.id} of the sparse vector. Missing if the point has no sparse vector. */
  readonly encoderId?: string | undefined;
  /** The source's version of the document when the point was written. */
  readonly documentVersion: string;
  /** {@link Document.mediaType}. */
  readonly mediaType: string;
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  /** {@link Document.observed} when the point was written. Filters cannot name it. */
  readonly observed?: Metadata | undefined;
}
