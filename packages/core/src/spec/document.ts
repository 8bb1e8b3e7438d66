import type { Metadata } from "./metadata.ts";

/** One text as a source produced it. All offsets in Binnacle are UTF-16 indexes into `text`. */
export interface Document<M extends Metadata = Metadata> {
  /** Stable name of the document within its source, such as a path or a key. Never empty. */
  readonly id: string;
  /** The text for readers. Chunks, citations and offsets refer to it. May be empty. */
  readonly text: string;
  /** IANA media type of `text`, such as `text/markdown`. It selects the chunker. `image/…` means that the
   * document is the image in `media`, and that `text` names or describes it. @default "text/plain" */
  readonly mediaType?: string | undefined;
  /** Title for people. @default none */
  readonly title?: string | undefined;
  /** Address at which a person can open the document. @default none */
  readonly uri?: string | undefined;
  /** Natural boundaries that the source knows but the text does not show, such as the headings of an HTML
   * page. Ordered by `start`. Two nodes either nest or do not overlap. @default none */
  readonly outline?: readonly OutlineNode[] | undefined;
  /** Images and other parts that are not text. If the index's embedder accepts images, each image becomes a
   * point with the words of the document's first chunk. Other parts are left out. @default none */
  readonly media?: readonly MediaPart[] | undefined;
  /** The app's own fields. The indexer checks them against the index's fields before it writes anything. */
  readonly metadata: M;
  /** Facts that may change while the content stays the same, such as the revision of a database row. They are
   * stored with the points and returned with hits, but never compared. New facts alone cause no write; the
   * next write of the document stores them. JSON values. @default none */
  readonly observed?: Metadata | undefined;
}

/** One natural unit of a document, such as a section, a function or a table. */
export interface OutlineNode {
  /** Offset of the first character, in UTF-16 units. */
  readonly start: number;
  /** Offset after the last character, in UTF-16 units. */
  readonly end: number;
  /** Names from the outermost unit to this one, such as heading texts. */
  readonly path: readonly string[];
  /** Type of the unit: `section`, `heading`, `table`, `code`, `function`, … */
  readonly kind: string;
  /** True: keep the unit in one chunk if it fits the token limit. @default false */
  readonly keepWhole?: boolean | undefined;
  /** Range of the header rows of a table with `keepWhole`, in UTF-16 units, within the node. A chunk that
   * starts after them has them in its context. @default none */
  readonly header?: { readonly start: number; readonly end: number } | undefined;
}

/** Bytes with a media type, such as an image. */
export interface MediaPart {
  /** IANA media type, such as `image/png`. */
  readonly mediaType: string;
  readonly data: Uint8Array;
}
