import type { DocumentSource, FieldType, Metadata, MetadataFields } from "@binnacle/core";

/** Fields of an index that declares none. */
export type NoFields = Readonly<Record<never, FieldType>>;

/** The value of a metadata field of one type. */
export type FieldValue<T> = T extends "integer" | "float"
  ? number
  : T extends "boolean"
    ? boolean
    : T extends FieldType
      ? string
      : never;

/**
 * The metadata that declared fields describe. Each field may be missing, null, one value or an array of
 * values.
 */
export type FieldsMetadata<D extends MetadataFields> = {
  readonly [K in keyof D]?: FieldValue<D[K]> | readonly FieldValue<D[K]>[] | null | undefined;
};

/** The metadata that a schema describes. Without a schema: the declared fields, beside any other keys. */
export type IndexMetadata<M, D extends MetadataFields> = M extends Metadata
  ? string extends keyof M
    ? OpenMetadata<D>
    : M
  : OpenMetadata<D>;

type OpenMetadata<D extends MetadataFields> = string extends keyof D
  ? Metadata
  : [keyof D] extends [never]
    ? Metadata
    : Metadata & FieldsMetadata<D>;

/** The part of an index's metadata that filters may name. */
export type FilterableMetadata<M extends Metadata, D extends MetadataFields> = string extends keyof D
  ? Metadata
  : string extends keyof M
    ? FieldsMetadata<D>
    : Pick<M, keyof M & keyof D>;

/**
 * With a schema, the fields must be keys of its output. Each has a type that fits its values, as far as both
 * are known.
 */
export type FittingFields<M extends Metadata, D extends MetadataFields> = string extends keyof M
  ? unknown
  : { readonly [K in keyof D]: K extends keyof M ? FittingField<M[K], D[K]> : never };

type FittingField<V, T> = FieldType extends T ? T : FieldTypeFor<V> | undefined;

type FieldTypeFor<V> = [Element<V>] extends [string]
  ? "keyword" | "text" | "datetime"
  : [Element<V>] extends [number]
    ? "integer" | "float"
    : [Element<V>] extends [boolean]
      ? "boolean"
      : FieldType;

type Element<V> = V extends null | undefined ? never : V extends readonly (infer E)[] ? Element<E> : V;

/**
 * A source whose documents fit the index. The documents of a source with untyped metadata, such as a folder's
 * front matter, are checked when they are read.
 */
export type FittingSource<S extends Metadata, W extends Metadata> = DocumentSource<S> &
  (string extends keyof S ? unknown : DocumentSource<W>);
