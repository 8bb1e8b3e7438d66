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
import { parseOptions } from "@binnacle/core/kit";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { z } from "zod";

/** What indexer and retriever must agree on: a plain value, without I/O and without anything to close. */
export interface Index<M extends Metadata = Metadata> {
  /** Name of the collection: letters, digits, `_` and `-`, at most 128. */
  readonly name: string;
  readonly chunker: Chunker;
  /** Makes the dense vectors. At least one of `embedder` and `sparse` must be given. @default none */
  readonly embedder?: Embedder | undefined;
  /** Makes the sparse vectors of the lexical leg. @default none */
  readonly sparse?: SparseEncoder | undefined;
  /** Checks, and may transform, the metadata of every document before anything is written: zod, valibot, arktype or
   * whatever else speaks Standard Schema. After changing it, sync once with `recheck`. @default metadata as it comes */
  readonly schema?: StandardSchemaV1<unknown, M> | undefined;
  /** The metadata fields that filters may name. @default none */
  readonly fields?: MetadataFields<M> | undefined;
  /** `required`: every indexer and retriever must be bound to a tenant. @default "none" */
  readonly tenancy?: "none" | "required" | undefined;
  /** How dense vectors compare. @default "cosine" */
  readonly metric?: Metric | undefined;
}

const fieldsSchema = z.record(
  z.string(),
  z.enum(["keyword", "text", "integer", "float", "boolean", "datetime"]).optional(),
);

const schema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, "expected 1 to 128 letters, digits, _ or -, no path"),
    chunker: z.custom<Chunker>(
      (value) => isObject(value) && "id" in value && "chunk" in value,
      "expected a Chunker, such as await createChunker()",
    ),
    embedder: z.custom<Embedder>(isObject, "expected an Embedder").optional(),
    sparse: z
      .custom<SparseEncoder>(isObject, "expected a SparseEncoder, such as createBm25Encoder()")
      .optional(),
    schema: z
      .custom<StandardSchemaV1>(
        (value) => (isObject(value) || typeof value === "function") && "~standard" in value,
        "expected a Standard Schema, such as z.object({ … })",
      )
      .optional(),
    fields: fieldsSchema.optional(),
    tenancy: z.enum(["none", "required"]).optional(),
    metric: z.enum(["cosine", "dot", "euclid"]).optional(),
  })
  .refine(({ embedder, sparse }) => embedder !== undefined || sparse !== undefined, {
    message: "expected an embedder, a sparse encoder or both; without one nothing could be found",
  });

/** Checks the parts of an index and puts them together. Throws a `ConfigurationError` that lists every issue. */
export function defineIndex<M extends Metadata = Metadata>(index: Index<M>): Index<M> {
  parseOptions("defineIndex", schema, index);
  return Object.freeze({ ...index });
}

/** The collection an index needs. Asks the embedder for its space, and so its server where it has one. */
export async function createCollectionSpec<M extends Metadata>(
  index: Index<M>,
  options: CallOptions = {},
): Promise<CollectionSpec> {
  const space = (await index.embedder?.describe(options))?.space;
  return {
    name: index.name,
    dense: space && { spaceId: space.id, dimensions: space.dimensions, metric: index.metric ?? "cosine" },
    sparse: index.sparse && { encoderId: index.sparse.id },
    fields: parseOptions("defineIndex", fieldsSchema, index.fields ?? {}),
    tenancy: index.tenancy ?? "none",
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
