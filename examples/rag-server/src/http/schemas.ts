import { z } from "zod";

/** Most characters of one question. */
export const maxQuestionLength = 4000;

export const chatRequest = z
  .strictObject({
    message: z.string().trim().min(1).max(maxQuestionLength).describe("The question."),
    limit: z.int().min(1).max(50).optional().describe("Most passages to answer from; 4 if not given."),
  })
  .describe("A question to the indexed documents.");

const citation = z.object({
  number: z.int().positive().describe("The number that the answer cites it by."),
  documentId: z.string(),
  title: z.string().optional(),
  uri: z.string().optional(),
  path: z.array(z.string()).optional().describe("Headings that the passage stands under."),
  start: z.int().nonnegative().describe("First character, as a UTF-16 index into the document's text."),
  end: z.int().nonnegative().describe("One past the last character."),
  score: z.number(),
  text: z.string().describe("The document's text from start to end."),
});

export const chatReply = z.object({
  question: z.string(),
  answer: z.string(),
  mode: z.enum(["generated", "extractive", "none"]).describe("none: the documents do not answer this."),
  citations: z.array(citation),
});

export const failure = z.object({
  code: z
    .string()
    .describe(
      "Stable reason, safe to switch on: invalid_request, forbidden, not_found, too_large, unsupported_media_type, misdirected and rate_limited where the request is at fault; stopped, timeout, inference_unreachable and others of a part that failed; internal.",
    ),
  message: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const component = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  latencyMs: z.number(),
  detail: z.string().optional(),
});

export const healthReply = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  components: z.record(z.string(), component),
  answers: z.string(),
  index: z.object({ documents: z.int(), chunks: z.int() }),
});

export const liveReply = z.object({ status: z.literal("ok"), uptimeSeconds: z.number() });

export type ChatRequest = z.output<typeof chatRequest>;
export type ChatReply = z.output<typeof chatReply>;
