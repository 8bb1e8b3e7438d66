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
/** The tenant. Only in collections with tenancy. */
export const TENANT = "_t";
/** The id that the caller knows. Only in collections with tenancy. */
export const LOGICAL_ID = "_i";
/** The metadata in the form that filters read. */
export const METADATA = "m";

/** Name of the dense vectors. */
export const DENSE = "dense";
/** Name of the sparse vectors. */
export const SPARSE = "sparse";

/** Returns the JSON path of a metadata field. Names with other characters than ASCII letters must be
 * quoted. */
export function metadataKey(field: string): string {
  return /^[A-Za-z0-9_-]+$/.test(field) ? `${METADATA}.${field}` : `${METADATA}."${field}"`;
}
