import type { Readable } from "node:stream";
import { z } from "zod";
import { collectionName, itemError, metadata } from "../shared/fields.ts";
import { hit } from "../search/search-schemas.ts";

const prompt = z.string().min(1).max(32_000);

const generateFields = {
  prompt,
  system: z.string().max(32_000).optional().describe("Instruction before the prompt."),
  model: z.string().min(1).max(200).optional().describe("Model of this request only."),
  max_tokens: z.int().min(1).max(8192).default(256),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  seed: z.int().optional(),
  stop: z.array(z.string().min(1)).max(8).optional(),
  collection: collectionName
    .default("conversations")
    .describe("Collection to store in and to find similar points in; conversations by default."),
  store_embedding: z
    .boolean()
    .default(false)
    .describe("Stores prompt and text as a point. Needs the permission InsertVectors."),
  metadata: metadata.optional().describe("Metadata of the stored point."),
  find_similar: z
    .int()
    .min(0)
    .max(50)
    .default(0)
    .describe("Number of similar points to find while the model writes. Needs the permission SearchVectors."),
  min_score: z.number().optional().describe("Similarity below which points are left out."),
};

export const generateRequest = z.strictObject(generateFields);

const usage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  cached_tokens: z.int().optional(),
});

export const generateReply = z.object({
  text: z.string(),
  vector_id: z.string().nullable().describe("Id of the stored point. Null unless it is stored."),
  similarity_matches: z
    .array(hit)
    .nullable()
    .describe("Points that resemble the prompt. Null unless they were asked for and found."),
  errors: z
    .array(itemError.extend({ part: z.enum(["similarity", "store"]) }))
    .describe("Parts that failed although the text was written."),
  metadata: z.object({
    request_id: z.string().describe("Joins the parts of the request in all logs."),
    model: z.string(),
    finish_reason: z.string().describe("All but stop mean that the text is incomplete."),
    usage: usage.optional().describe("Tokens as the model server counted them."),
    collection: z.string().nullable(),
    took_ms: z.object({
      generate: z.number(),
      similarity: z.number().optional(),
      store: z.number().optional(),
      total: z.number(),
    }),
  }),
});

export const batchRequest = z.strictObject({
  requests: z.array(generateRequest).min(1).max(32),
});

export const batchReply = z.object({
  succeeded: z.int(),
  failed: z.int(),
  outcomes: z.array(
    z.object({
      index: z.int(),
      status: z.enum(["ok", "failed"]),
      reply: generateReply.optional(),
      error: itemError.optional(),
    }),
  ),
});

export const generateEvents = z.custom<Readable | string>().meta({
  type: "string",
  description:
    "Server-sent events: `text` with `{text}` any number of times, then `done` with the whole reply, or `error`.",
});

export type GenerateFields = z.output<typeof generateRequest>;
export type GenerateReply = z.output<typeof generateReply>;
