import type {
  CallOptions,
  Chunker,
  CollectionSpec,
  Embedder,
  Metadata,
  MetadataFields,
  Metric,
  SparseEncoder,
} from "@binnacle/core";
import { describeChecked, describeValue, parseOptions, part, once } from "@binnacle/core/kit";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { z } from "zod";
import type { FilterableMetadata, FittingFields, IndexMetadata, NoFields } from "./index-types.ts";

/**
 * The parts that indexer and retriever must agree on: a plain value, without I/O. `M` is the metadata of a
 * hit, `F` the part of it that filters may name, and `W` the metadata of a document to write.
 */
export interface Index<
  M extends Metadata = Metadata,
  F extends Metadata = M,
  W = unknown,
> extends IndexParts {
  /**
   * Checks the metadata of every document before anything is written, and may transform it. It may be a
   * schema of zod, valibot or arktype, or any other Standard Schema. After a change of the schema, sync once
   * with `recheck`.
   * @default metadata is stored as given
   */
  readonly schema?: StandardSchemaV1<W, M> | undefined;
  /** The metadata fields that filters may name. @default none */
  readonly fields?: MetadataFields<F> | undefined;
}

/** The parts of an index apart from its metadata. */
export interface IndexParts {
  /** Name of the collection: letters, digits, `_` and `-`, at most 128. */
  readonly name: string;
  readonly chunker: Chunker;
  /** Creates the dense vectors. An index needs an embedder, a sparse encoder or both. @default none */
  readonly embedder?: Embedder | undefined;
  /** Creates the sparse vectors of the lexical leg. @default none */
  readonly sparse?: SparseEncoder | undefined;
  /** `required`: every indexer and retriever must have a tenant. @default "none" */
  readonly tenancy?: "none" | "required" | undefined;
  /** How dense vectors are compared. @default "cosine" */
  readonly metric?: Metric | undefined;
}

/** The input of {@link defineIndex}. */
export interface IndexDefinition<M extends Metadata, W, D extends MetadataFields> extends IndexParts {
  /** {@link Index.schema} */
  readonly schema?: StandardSchemaV1<W, M> | undefined;
  /** {@link Index.fields} */
  readonly fields?: (D & FittingFields<M, D>) | undefined;
}

const fieldsSchema = once(() =>
  z.record(z.string(), z.enum(["keyword", "text", "integer", "float", "boolean", "datetime"]).optional()),
);

const schema = once(() =>
  z
    .strictObject({
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, {
        error: ({ input }) =>
          `expected 1 to 128 letters, digits, _ or -, no path, got ${describeValue(input)}`,
      }),
      chunker: part<Chunker>(["chunk"], "a Chunker, such as await createChunker()"),
      embedder: part<Embedder>(
        ["embed", "describe"],
        "an Embedder, such as createEmbedder({ id, dimensions, embed })",
      ).optional(),
      sparse: part<SparseEncoder>(["encode"], "a SparseEncoder, such as createBm25Encoder()").optional(),
      schema: z
        .custom<StandardSchemaV1>(
          (value) => (isObject(value) || typeof value === "function") && "~standard" in value,
          "expected a Standard Schema, such as z.object({ … })",
        )
        .optional(),
      fields: fieldsSchema().optional(),
      tenancy: z.enum(["none", "required"]).optional(),
      metric: z.enum(["cosine", "dot", "euclid"]).optional(),
    })
    .refine(({ embedder, sparse }) => embedder !== undefined || sparse !== undefined, {
      message: "expected an embedder, a sparse encoder or both; without one nothing could be found",
    }),
);

/** The schema of an index among a function's options. */
export const indexPart: () => z.ZodType<Index> = once(() =>
  z.custom<Index>((value) => isObject(value) && "name" in value && "chunker" in value, {
    error: ({ input }) => `expected an index, such as defineIndex({ … }), got ${describeValue(input)}`,
  }),
);

/**
 * Checks the parts of an index and combines them. Schema and fields type the documents to write, the filters
 * and the hits. Without a schema, metadata may have other keys beside the fields. Throws a
 * `ConfigurationError` that lists every issue.
 */
export function defineIndex<M extends Metadata = Metadata, W = M, const D extends MetadataFields = NoFields>(
  definition: IndexDefinition<M, W, D>,
): Index<IndexMetadata<M, D>, FilterableMetadata<M, D>, IndexMetadata<W, D>>;
export function defineIndex(definition: Index): Index {
  parseOptions("defineIndex", schema(), definition);
  return Object.freeze({ ...definition });
}

/**
 * Returns the collection that an index needs. Asks the embedder for its space, and so its server if it has
 * one.
 */
export async function createCollectionSpec(
  index: IndexParts & { readonly fields?: MetadataFields | undefined },
  options: CallOptions = {},
): Promise<CollectionSpec> {
  const space = index.embedder && (await describeChecked(index.embedder, options)).space;
  return {
    name: index.name,
    dense: space && { spaceId: space.id, dimensions: space.dimensions, metric: index.metric ?? "cosine" },
    sparse: index.sparse && { encoderId: index.sparse.id },
    fields: parseOptions("defineIndex", fieldsSchema(), index.fields ?? {}),
    tenancy: index.tenancy ?? "none",
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
