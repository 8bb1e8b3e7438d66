/** A value that survives JSON unchanged. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An app's own fields of a document. Every store keeps them apart from the SDK's fields. A key whose value
 * is undefined counts as missing. */
export type Metadata = { readonly [key: string]: JsonValue | undefined };

/**
 * The type of one metadata field, which decides how stores index it and how filters compare it. A field may
 * hold one value or an array of values. This union may grow: a store refuses a type that it does not know
 * with a `ConfigurationError`.
 *
 * - `keyword`: a string that is compared whole.
 * - `text`: a string that `$text` searches by word.
 * - `integer`, `float`: numbers.
 * - `boolean`: true or false.
 * - `datetime`: a string that is compared as an instant. It is a day such as `2026-03-01`, or a time such as
 *   `2026-03-01T09:30:00`. Up to nine decimals, and then `Z` or an offset such as `+01:00`, may follow the
 *   seconds. A time without an offset is in UTC.
 */
export type FieldType = "keyword" | "text" | "integer" | "float" | "boolean" | "datetime";

/** The types of the metadata fields that filters may name. Other metadata is stored and returned, but not
 * filterable. */
export type MetadataFields<M extends Metadata = Metadata> = {
  readonly [K in keyof M]?: FieldType | undefined;
};
