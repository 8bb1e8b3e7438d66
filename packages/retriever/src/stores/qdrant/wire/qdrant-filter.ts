/** A condition of Qdrant's filters, as far as this driver uses them. */
export type QdrantCondition =
  | QdrantFilter
  | { readonly key: string; readonly match: QdrantMatch }
  | { readonly key: string; readonly range: QdrantRange }
  | { readonly is_empty: { readonly key: string } }
  | { readonly is_null: { readonly key: string } }
  | { readonly has_id: readonly string[] }
  | { readonly has_vector: string };

/** What a value is compared with. */
export type QdrantMatch =
  | { readonly value: string | number | boolean }
  | { readonly any: readonly (string | number)[] }
  | { readonly text: string };

/** Bounds: numbers, or RFC 3339 strings for datetimes. */
export type QdrantRange = {
  readonly [K in "gt" | "gte" | "lt" | "lte"]?: number | string;
};

/** All of `must`, at least one of `should`, none of `must_not`. */
export interface QdrantFilter {
  readonly must?: readonly QdrantCondition[];
  readonly should?: readonly QdrantCondition[];
  readonly must_not?: readonly QdrantCondition[];
}
