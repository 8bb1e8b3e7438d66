import { z } from "zod";
import {
  collectionField,
  expectedVersion,
  filter,
  itemError,
  metadata,
  numbers,
  text,
  vectorId,
} from "../shared/fields.ts";

/** Most operations in one batch. */
export const maxOperations = 1000;

/** The fields of a new point. */
export const newPoint = {
  id: vectorId.optional().describe("Any string; without it the server makes one."),
  vector: numbers.optional().describe("The vector. Without it the server embeds the text."),
  text: text.optional().describe("The text for readers and for the search by words."),
  title: z.string().max(1000).optional(),
  metadata: metadata.optional(),
  expected_version: expectedVersion.optional(),
};

export const insertRequest = z.strictObject({ collection: collectionField, ...newPoint });
export const insertReply = z.object({ id: z.string(), collection: z.string() });

const changes = {
  vector: numbers.optional().describe("A new vector."),
  text: text.optional().describe("A new text. Without a new vector the server embeds it."),
  title: z.string().max(1000).optional(),
  metadata: metadata.optional().describe("Replaces the whole metadata."),
  expected_version: expectedVersion.optional(),
};

export const updateRequest = z.strictObject({ collection: collectionField, ...changes });
export const updateReply = z.object({
  id: z.string(),
  collection: z.string(),
  embedded: z.boolean().describe("True if the server embedded the text anew."),
});

const operation = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("upsert"), ...newPoint }),
  z.strictObject({ op: z.literal("update"), id: vectorId, ...changes }),
  z.strictObject({ op: z.literal("delete"), id: vectorId, expected_version: expectedVersion.optional() }),
]);

export const batchRequest = z.strictObject({
  collection: collectionField,
  operations: z.array(operation).min(1).max(maxOperations),
});

const outcome = z.object({
  index: z.int().describe("Position of the operation in the request."),
  id: z.string(),
  status: z.enum(["stored", "updated", "deleted", "failed"]),
  error: itemError.optional(),
});

export const batchReply = z.object({
  collection: z.string(),
  succeeded: z.int(),
  failed: z.int(),
  outcomes: z.array(outcome),
});

export const pointParams = z.strictObject({ id: vectorId });
export const pointQuery = z.strictObject({
  collection: collectionField,
  include_vector: z.stringbool().default(false),
});
export const deleteQuery = z.strictObject({
  collection: collectionField,
  expected_version: z.coerce.number().int().min(0).optional(),
});

export const pointReply = z.object({
  id: z.string(),
  collection: z.string(),
  version: z.number().describe("Changes with every write; pass it as expected_version."),
  text: z.string(),
  title: z.string().optional(),
  metadata,
  vector: numbers.optional(),
});

/** A filter as a query can hold it. */
const filterText = z
  .string()
  .transform((json, context): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      context.addIssue('must be JSON, such as {"category":"ops"}');
      return z.NEVER;
    }
  })
  .pipe(filter)
  .describe('Conditions on declared fields as JSON, such as {"category":"ops","year":{"$gte":2025}}.');

export const listQuery = z.strictObject({
  collection: collectionField,
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(10_000).default(0).describe("Points to skip."),
  order_by: z
    .string()
    .min(1)
    .optional()
    .describe("An integer, float or datetime field. Default: an order that writes do not change."),
  direction: z.enum(["ascending", "descending"]).default("ascending"),
  filter: filterText.optional(),
});
export const listReply = z.object({
  collection: z.string(),
  points: z.array(pointReply.omit({ collection: true, vector: true })),
  next: z.int().nullable().describe("Pass it as `offset` for the next page. Null on the last page."),
});

export const deleteReply = z.object({
  id: z.string(),
  collection: z.string(),
  deleted: z.boolean().describe("False if there was no such point."),
});

export type NewPoint = Omit<z.output<typeof insertRequest>, "collection">;
export type PointChanges = Omit<z.output<typeof updateRequest>, "collection">;
export type Operation = z.output<typeof operation>;
export type Outcome = z.output<typeof outcome>;
