import type { FieldType, MetadataFields } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import type { ResolvedSpec } from "@binnacle/core/stores";
import { z } from "zod";

/** The facts that Qdrant stores with a collection that this SDK created. */
export interface StoredSpec {
  /** The name at creation. It differs from the spec's name if another tool restored the collection, or if
   * the description was read through an alias. */
  readonly recordedName: string | undefined;
  readonly spec: ResolvedSpec;
  readonly incarnation: string;
}

const FORMAT = 1;
const FIELD = "binnacle.field.";

/** Returns the collection's metadata. Each field has its own key, because Qdrant merges only the top keys
 * of metadata. */
export function specMetadata(
  { name, dense, sparse, tenancy, fields }: ResolvedSpec,
  incarnation: string,
): Record<string, unknown> {
  return {
    "binnacle.format": FORMAT,
    "binnacle.name": name,
    "binnacle.incarnation": incarnation,
    "binnacle.tenancy": tenancy,
    ...(dense && { "binnacle.dense": dense }),
    ...(sparse && { "binnacle.sparse": sparse }),
    ...fieldMetadata(fields),
  };
}

/** Returns the metadata of fields, to be merged. */
export function fieldMetadata(fields: MetadataFields): Record<string, FieldType> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, type]) => (type ? [[FIELD + name, type]] : [])),
  );
}

const fieldType = z.enum(["keyword", "text", "integer", "float", "boolean", "datetime"]);

const schema = z.object({
  "binnacle.format": z.literal(FORMAT, "was written by a newer version of this SDK. Use that version"),
  "binnacle.name": z.string().optional(),
  "binnacle.incarnation": z.string().min(1),
  "binnacle.tenancy": z.enum(["none", "required"]),
  "binnacle.dense": z
    .object({
      spaceId: z.string(),
      dimensions: z.int().positive(),
      metric: z.enum(["cosine", "dot", "euclid"]),
    })
    .optional(),
  "binnacle.sparse": z
    .object({
      encoderId: z.string(),
      idf: z.enum(["bm25", "none"]),
      idfScope: z.enum(["tenant", "collection"]),
    })
    .optional(),
});

/** Reads a collection's metadata. Returns undefined if this SDK did not create the collection. */
export function readSpec(name: string, metadata: unknown): StoredSpec | undefined {
  if (typeof metadata !== "object" || metadata === null || !Object.hasOwn(metadata, "binnacle.format"))
    return undefined;
  const read = parseResponse(`the metadata of collection "${name}"`, schema, metadata);
  const fields = Object.entries(metadata).flatMap(([key, type]) =>
    key.startsWith(FIELD) ? [[key.slice(FIELD.length), fieldType.parse(type)] as const] : [],
  );
  const { "binnacle.dense": dense, "binnacle.sparse": sparse, "binnacle.tenancy": tenancy } = read;
  return {
    recordedName: read["binnacle.name"],
    incarnation: read["binnacle.incarnation"],
    spec: {
      name,
      ...(dense && { dense }),
      ...(sparse && { sparse }),
      fields: Object.fromEntries(fields),
      tenancy,
    },
  };
}
