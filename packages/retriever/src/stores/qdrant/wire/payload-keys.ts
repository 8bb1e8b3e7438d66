/** The etag of a point: {@link StoredPoint.version}. */
export const VERSION = "_v";
/** The point's source: `StoredChunk.sourceId`. */
export const SOURCE = "sourceId";
/** Names of the metadata fields that hold an empty list. */
export const EMPTY_LISTS = "_e";
/** The metadata as JSON text, if Qdrant cannot return it unchanged. */
export const EXACT_METADATA = "_j";
/** Length of the dense vector before Qdrant normalized it. */
export const NORM = "_l";
/** The tenant; only in collections with tenancy. */
export const TENANT = "_t";
/** The id that the caller knows; only in collections with tenancy. */
export const LOGICAL_ID = "_i";
/** The metadata, as filters read it. */
export const METADATA = "m";

/** The dense vectors' name. */
export const DENSE = "dense";
/** The sparse vectors' name. */
export const SPARSE = "sparse";

/** The JSON path of a metadata field; names beyond ASCII must be quoted. */
export function metadataKey(field: string): string {
  return /^[A-Za-z0-9_-]+$/.test(field) ? `${METADATA}.${field}` : `${METADATA}."${field}"`;
}
