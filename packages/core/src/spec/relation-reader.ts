import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";

/** Documents that may be related to a document, and the test that decides. */
export interface RelatedDocuments<M extends Metadata = Metadata> {
  /** Selects the candidates. It may select too many. */
  readonly filter: Filter<M>;
  /** Returns the name of the relation that leads to a document with this metadata, such as `ownedBy`.
   * Undefined if no relation leads there. */
  relationTo(metadata: M): string | undefined;
}

/** Reads the relations of a document from its metadata. */
export type RelationReader<M extends Metadata = Metadata> = (metadata: M) => readonly RelatedDocuments<M>[];
