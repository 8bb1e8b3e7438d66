/** A condition of Qdrant's filters. Contains only the forms that this driver sends. */
export type QdrantCondition =
  | QdrantFilter
  | { readonly key: string; readonly match: QdrantMatch }
  | { readonly key: string; readonly range: QdrantRange }
  | { readonly is_empty: { readonly key: string } }
  | { readonly is_null: { readonly key: string } }
  | { readonly has_id: readonly string[] }
  | { readonly has_vector: string };

/** The values that match. */
export type QdrantMatch =
  | { readonly value: string | number | boolean }
  | { readonly any: readonly (string | number)[] }
  | { readonly text: string };

/** Bounds: numbers, or RFC 3339 strings for datetimes. */
export type QdrantRange = {
  readonly [K in "gt" | "gte" | "lt" | "lte"]?: number | string;
};

/** Requires all of `must`, at least one of `should`, and none of `must_not`. */
export interface QdrantFilter {
  readonly must?: readonly QdrantCondition[];
  readonly should?: readonly QdrantCondition[];
  readonly must_not?: readonly QdrantCondition[];
}
