/** A value that survives JSON unchanged. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An app's own facts about a document. Kept apart from the SDK's fields in every store. A key whose value is undefined is
 * a key that is not there. */
export type Metadata = { readonly [key: string]: JsonValue | undefined };

/**
 * How a store indexes one metadata field, and so how filters read it:
 * `keyword` a string compared whole; `text` a string that `$text` searches by word; `integer` and `float` numbers;
 * `boolean`; `datetime` an ISO 8601 string, compared as an instant. A field may hold one value or an array of them.
 */
export type FieldType = "keyword" | "text" | "integer" | "float" | "boolean" | "datetime";

/** The metadata fields that filters may name. Other metadata is stored and returned, but cannot be filtered. */
export type MetadataFields<M extends Metadata = Metadata> = {
  readonly [K in keyof M]?: FieldType | undefined;
};
