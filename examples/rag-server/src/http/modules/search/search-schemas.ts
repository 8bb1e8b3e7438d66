import { z } from "zod";
import { collectionField, filter, itemError, metadata, numbers, text, vectorId } from "../shared/fields.ts";

const limit = z.int().min(1).max(1000).default(10).describe("Most hits; 10 by default.");
const offset = z.int().min(0).max(10_000).default(0).describe("Hits to skip, for the next page.");
const minScore = z
  .number()
  .describe(
    "Similarity below which hits are left out. In a hybrid search it applies to the vectors' ranking.",
  );
const includeVectors = z.boolean().default(false);

const queryFields = {
  vector: numbers.optional().describe("Give a vector or a text."),
  text: text.min(1).optional(),
  mode: z
    .enum(["hybrid", "dense", "lexical"])
    .optional()
    .describe("Ranking of a text. Default: hybrid if the collection and the server allow it."),
  limit,
  offset,
  min_score: minScore.optional(),
  filter: filter.optional(),
  include_vectors: includeVectors,
};

export const searchRequest = z.strictObject({ collection: collectionField, ...queryFields });

export const hit = z.object({
  id: z.string(),
  score: z.number(),
  version: z.number(),
  text: z.string(),
  title: z.string().optional(),
  metadata,
  vector: numbers.optional(),
});

export const searchReply = z.object({
  collection: z.string(),
  mode: z.enum(["hybrid", "dense", "lexical"]).describe("The ranking that was used."),
  hits: z.array(hit),
  took_ms: z.number(),
});

/** Most hits that one batch may ask for, over all its searches. */
const maxBatchHits = 2000;

export const batchRequest = z.strictObject({
  collection: collectionField,
  searches: z
    .array(z.strictObject(queryFields))
    .min(1)
    .max(100)
    .refine(
      (searches) => searches.reduce((sum, { limit }) => sum + limit, 0) <= maxBatchHits,
      `may ask for at most ${maxBatchHits} hits in all; lower the limits`,
    ),
});

export const batchReply = z.object({
  collection: z.string(),
  succeeded: z.int(),
  failed: z.int(),
  outcomes: z.array(
    z.object({
      index: z.int(),
      status: z.enum(["ok", "failed"]),
      mode: searchReply.shape.mode.optional(),
      hits: z.array(hit).optional(),
      error: itemError.optional(),
    }),
  ),
  took_ms: z.number(),
});

const seeds = z.array(vectorId).max(64);

export const recommendRequest = z.strictObject({
  collection: collectionField,
  positive: seeds.min(1).describe("Ids of points that the hits should resemble."),
  negative: seeds.default([]).describe("Ids of points that the hits should differ from."),
  strategy: z.enum(["average_vector", "best_score"]).default("average_vector"),
  limit,
  offset,
  min_score: minScore.optional(),
  filter: filter.optional(),
  include_vectors: includeVectors,
});

export const recommendReply = searchReply.omit({ mode: true });

export const discoverRequest = z.strictObject({
  collection: collectionField,
  context: z
    .array(z.strictObject({ positive: vectorId, negative: vectorId }))
    .min(1)
    .max(32)
    .describe("Pairs of points. Hits are closer to the positive than to the negative point of each pair."),
  target: vectorId
    .optional()
    .describe("Id of a point. Hits that satisfy equally many pairs are ordered by their likeness to it."),
  limit,
  offset,
  min_score: minScore.optional(),
  filter: filter.optional(),
  include_vectors: includeVectors,
});

const point = hit.omit({ score: true });

export const exploreRequest = z.strictObject({
  collection: collectionField,
  landmarks: z.int().min(1).max(100).default(10).describe("Number of points to show."),
  max_points: z.int().min(1).max(20_000).default(2000).describe("A larger collection is sampled."),
  seed: z.int().min(0).default(1).describe("The same seed gives the same points."),
  filter: filter.optional(),
});

export const exploreReply = z.object({
  collection: z.string(),
  landmarks: z.array(
    point.extend({
      size: z.int().describe("Number of sampled points that this one stands for."),
      nearest: z.number().nullable().describe("Cosine to the most similar point before it in the list."),
    }),
  ),
  coverage: z.number().describe("Lowest cosine of a sampled point and the point that stands for it."),
  sampled: z.int(),
  total: z.int(),
  took_ms: z.number(),
});

export type PointReply = z.output<typeof point>;
export type SearchFields = Omit<z.output<typeof searchRequest>, "collection">;
export type HitReply = z.output<typeof hit>;
export type SearchMode = z.output<typeof searchReply>["mode"];
