import { z } from "zod";
import { collectionName } from "../shared/fields.ts";
import { presetNames } from "./presets.ts";

const metric = z.enum(["cosine", "dot", "euclid"]);
const fieldType = z.enum(["keyword", "text", "integer", "float", "boolean", "datetime"]);
const fields = z
  .record(z.string(), fieldType)
  .describe("Types of the metadata fields that filters may name.");
const tenancy = z
  .enum(["none", "required"])
  .describe("required: each tenant sees only its own points. none: only keys without a tenant see it.");

export const createRequest = z.strictObject({
  name: collectionName,
  preset: z.enum(presetNames).optional().describe("Takes dimensions and fields from a preset."),
  dimensions: z
    .int()
    .min(1)
    .max(65_536)
    .optional()
    .describe("Numbers per vector. Default: those of the server's embedder."),
  space: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe("Name of the vectors' model. Default: the server's embedder if the dimensions agree."),
  metric: metric.optional().describe("cosine by default."),
  text_search: z.boolean().default(true).describe("True: texts are also found by their words."),
  fields: fields.optional(),
  tenancy: tenancy.optional().describe("none by default."),
});

export const collectionReply = z.object({
  name: z.string(),
  dimensions: z.int().nullable(),
  metric: metric.nullable(),
  space: z.string().nullable(),
  text_search: z.boolean(),
  tenancy,
  fields: z.record(z.string(), z.string()),
  points: z
    .int()
    .nullable()
    .describe("Number of points that the caller may see. Null if the caller must name a tenant."),
});

const setting = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const describeReply = collectionReply.extend({
  engine: z
    .object({
      status: z
        .string()
        .describe("Of an embedded store: ok, degraded or down. Of Qdrant: green, yellow, grey or red."),
      search: z.enum(["exact", "approximate"]),
      index: z
        .object({
          kind: z.literal("hnsw"),
          m: setting,
          ef_construct: setting,
          indexed_vectors: z
            .number()
            .optional()
            .describe("The others are compared one by one. A tenant does not see it, nor the segments."),
          segments: z.number().optional(),
        })
        .nullable()
        .describe("The graph of the vectors. Null: the store compares every vector."),
      quantization: setting.describe("int8, binary, product or none."),
      indexed_fields: z.array(z.string()).describe("Metadata fields that the store finds by an index."),
      settings: z
        .record(z.string(), setting)
        .describe("All settings that the store's server reports. Empty for a tenant."),
      problem: z.string().nullable().describe("An error of the store's server. Null for a tenant."),
    })
    .describe("The state of the collection in the store, and how the store searches it."),
});

export const createReply = collectionReply.extend({ outcome: z.enum(["created", "exists"]) });

export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(128).optional().describe("Name of the last collection of the page before."),
});
export const listReply = z.object({
  collections: z.array(collectionReply),
  next: z.string().nullable().describe("Pass it as `after` for the next page. Null on the last page."),
});

export const nameParams = z.strictObject({ name: collectionName });

const settings = {
  hnsw: z.strictObject({ m: z.int().min(4).optional(), efConstruct: z.int().min(4).optional() }).optional(),
  quantization: z.enum(["int8", "binary", "product", "none"]).optional(),
  originals: z.enum(["disk", "memory"]).optional(),
  replicas: z.int().positive().optional(),
  writeConsistency: z.int().positive().optional(),
};

export const updateRequest = z
  .strictObject({
    fields: fields.optional().describe("Fields to add. The type of a field cannot change."),
    dimensions: z.int().optional().describe("Cannot change; a different value is refused with 409."),
    metric: metric.optional().describe("Cannot change; a different value is refused with 409."),
    tenancy: tenancy.optional().describe("Cannot change; a different value is refused with 409."),
    ...settings,
  })
  .describe("Settings that are left out stay. Index and quantization exist on Qdrant only.");

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const updateReply = z.object({
  collection: collectionReply,
  applied: z
    .array(z.object({ setting: z.string(), from: value, to: value }))
    .describe("Every setting that changed, as the store confirms it."),
});

export const deleteQuery = z.strictObject({
  confirm: z.string().optional().describe("Repeat the collection's name."),
});
export const deleteReply = z.object({ name: z.string(), deleted: z.boolean() });

export type CreateRequest = z.output<typeof createRequest>;
export type CollectionReply = z.output<typeof collectionReply>;
export type UpdateRequest = z.output<typeof updateRequest>;
