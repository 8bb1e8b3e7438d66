import { z } from "zod";
import { collectionField } from "../shared/fields.ts";

const distribution = z.object({
  count: z.int(),
  mean: z.number(),
  min: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});

export const vectorsQuery = z.strictObject({ collection: collectionField });
export const vectorsReply = z.object({
  collection: z.string(),
  points: z.int(),
  documents: z.int(),
  spaces: z.record(z.string(), z.int()).describe("Points by the model of their vectors."),
  dimensions: z.int().nullable(),
  vector_bytes: z.int(),
  text_bytes: z.int(),
  duplicates: z.int().describe("Points whose text another point has too."),
  tokens: distribution,
  norms: distribution.nullable(),
  similarities: distribution.nullable().describe("Cosines of random pairs."),
  sampled: z.int(),
});

export const periodQuery = z.strictObject({
  hours: z.coerce.number().int().min(1).max(720).default(24).describe("Length of the period until now."),
  limit: z.coerce.number().int().min(1).max(100).default(10).describe("Most entries of each list."),
});

const period = { since: z.string(), until: z.string() };
const queries = z.array(
  z.object({ query: z.string(), searches: z.int(), users: z.int(), zero_hit_rate: z.number() }),
);

export const searchReply = z.object({
  ...period,
  searches: z.int(),
  failed: z.int(),
  errors: z.record(z.string(), z.int()),
  zero_hit_rate: z.number(),
  latency_ms: distribution,
  timeline: z
    .array(
      z.object({
        from: z.string(),
        searches: z.int(),
        without_hits: z.int(),
        p50_ms: z.number(),
        p95_ms: z.number(),
      }),
    )
    .describe("24 equal parts of the period, oldest first."),
  scores: z
    .array(z.object({ from: z.number(), searches: z.int() }))
    .describe("Searches by the similarity of their best hit."),
  popular: queries.describe("Queries without addresses, long numbers and tokens."),
  unanswered: queries,
  trending: z.array(z.object({ query: z.string(), recent: z.int(), before: z.int(), rise: z.number() })),
});

export const usageReply = z.object({
  ...period,
  days: z.array(z.object({ day: z.string(), searches: z.int(), users: z.int() })),
  hours: z.array(z.int()).describe("Searches by the hour of the day in UTC."),
  users: z.int(),
  top_users: z.array(z.object({ user: z.string().describe("A keyed hash."), searches: z.int() })),
  searches_per_user: distribution,
});
