import type { Metadata } from "./metadata.ts";

/** One text as a source produced it. Offsets everywhere in Binnacle are UTF-16 indexes into `text`. */
export interface Document<M extends Metadata = Metadata> {
  /** Stable name of the document within its source: a path, a key, a resource name. Never empty. */
  readonly id: string;
  /** What a reader would read; what chunks, citations and offsets refer to. May be empty. */
  readonly text: string;
  /** IANA media type of `text`, such as `text/markdown`; chooses the chunker. @default "text/plain" */
  readonly mediaType?: string | undefined;
  /** What a person would call it. */
  readonly title?: string | undefined;
  /** Where a person can open it. */
  readonly uri?: string | undefined;
  /** Natural boundaries that the source knows and the text no longer shows, such as the headings of an HTML page.
   * Ordered by `start`; nodes nest or are disjoint. */
  readonly outline?: readonly OutlineNode[] | undefined;
  /** Images and other non-text parts. */
  readonly media?: readonly MediaPart[] | undefined;
  /** The app's own facts; validated against the index's schema before anything is written. */
  readonly metadata: M;
  /** Facts about the document that change without a change of its content, such as the revision of a database row. They
   * are stored with the points and returned with hits, but never compared: new facts alone write nothing, and are stored
   * with the next write of the document. JSON values. */
  readonly observed?: Metadata | undefined;
}

/** One natural unit of a document: a section, a function, a table row group. */
export interface OutlineNode {
  /** First character, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** Names from the outermost unit to this one, such as heading texts. */
  readonly path: readonly string[];
  /** What the unit is: `section`, `heading`, `table`, `code`, `function`, … */
  readonly kind: string;
  /** True: do not cut inside while it fits the token limit. */
  readonly keepWhole?: boolean | undefined;
  /** The heading rows of a table with `keepWhole`, UTF-16, within the node: a chunk that begins further down has them in
   * its context. */
  readonly header?: { readonly start: number; readonly end: number } | undefined;
}

/** Bytes with a type, such as an image. */
export interface MediaPart {
  /** IANA media type, such as `image/png`. */
  readonly mediaType: string;
  readonly data: Uint8Array;
}
