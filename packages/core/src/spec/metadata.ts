/** A value that survives JSON unchanged. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An app's own facts about a document. Every store keeps them apart from the SDK's fields. A key whose value is undefined
 * counts as missing. */
export type Metadata = { readonly [key: string]: JsonValue | undefined };

/**
 * How a store indexes one metadata field, and so how filters read it: `keyword` is a string compared whole, `text` a
 * string that `$text` searches by word, `integer` and `float` are numbers, `boolean` is true or false. `datetime` is a
 * string compared as an instant, in one of the forms of RFC 3339 that every store can parse: `2026-03-01`, or
 * `2026-03-01T09:30:00` with up to nine digits after a point and with `Z`, an offset such as `+01:00`, or nothing for UTC.
 * A field may hold one value or an array of values. This union can grow; a store refuses a type that it does not know
 * with a `ConfigurationError`.
 */
export type FieldType = "keyword" | "text" | "integer" | "float" | "boolean" | "datetime";

/** The metadata fields that filters may name. Other metadata is stored and returned, but cannot be filtered. */
export type MetadataFields<M extends Metadata = Metadata> = {
  readonly [K in keyof M]?: FieldType | undefined;
};
