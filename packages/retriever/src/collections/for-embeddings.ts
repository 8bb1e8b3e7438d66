import type { CollectionSpec, DenseSpec, FieldType, MetadataFields, Metric } from "@binnacle/core";

/** A spec whose fields are known to the compiler. */
export interface TypedCollectionSpec<F extends MetadataFields> extends CollectionSpec {
  readonly fields: F;
}

/** Builds a spec step by step. Each step returns a new builder, so a common start can be shared. */
export interface CollectionBuilder<F extends MetadataFields> {
  /** Adds a metadata field that filters may name. Throws if the spec has the field already. */
  withPayloadField<const Name extends string, const Type extends FieldType>(
    name: Name,
    type: Type,
  ): CollectionBuilder<F & { readonly [K in Name]: Type }>;
  /** Sets the measure of similarity. @default "cosine" */
  withMetric(metric: Metric): CollectionBuilder<F>;
  /** Requires a tenant for every handle. */
  withTenants(): CollectionBuilder<F>;
  /** Returns the spec for `ensureCollection`, which checks it against the store. */
  build(): TypedCollectionSpec<F>;
}

/** Name and width of the vectors of a collection. */
export type EmbeddingSpec = Pick<DenseSpec, "spaceId" | "dimensions">;

/** Begins the spec of a collection with dense vectors of one space. */
export function forEmbeddings(
  name: string,
  { spaceId, dimensions }: EmbeddingSpec,
): CollectionBuilder<object> {
  return builderOf({ name, dense: { spaceId, dimensions }, fields: {} });
}

function builderOf<F extends MetadataFields>(spec: TypedCollectionSpec<F>): CollectionBuilder<F> {
  return {
    withPayloadField: (name, type) => {
      if (name in spec.fields)
        throw new TypeError(`forEmbeddings: "${spec.name}" already has the field "${name}".`);
      return builderOf({ ...spec, fields: { ...spec.fields, [name]: type } });
    },
    withMetric: (metric) => builderOf({ ...spec, dense: spec.dense && { ...spec.dense, metric } }),
    withTenants: () => builderOf({ ...spec, tenancy: "required" }),
    build: () => spec,
  };
}
