import { z } from "zod";

/** Most characters of one question. */
export const maxQuestionLength = 4000;

/** Most earlier turns of one request. The page sends fewer. */
const maxTurns = 50;

/** Most questions of one batch. */
const maxQuestions = 16;

const question = z.string().trim().min(1).max(maxQuestionLength);

const turn = z.strictObject({
  question: z.string().trim().min(1).max(maxQuestionLength),
  answer: z.string().trim().min(1).describe("The answer as the reply held it."),
});

export const chatRequest = z
  .strictObject({
    message: question.optional().describe("The question. Required unless there are messages."),
    messages: z
      .array(question)
      .min(1)
      .max(maxQuestions)
      .optional()
      .describe("Instead of message: questions that have nothing to do with each other."),
    history: z
      .array(turn)
      .max(maxTurns)
      .optional()
      .describe(
        "The earlier turns of the conversation, oldest first. A follow-up is completed from them. The server does not keep them.",
      ),
    sessionId: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe(
        "Instead of history: new begins a session whose turns the server keeps, and the id of the reply continues it. Messages are then turns of the session, answered in order. A session that is lost is a 404, and one with a running turn is a 409.",
      ),
    limit: z.int().min(1).max(50).optional().describe("Most passages to answer from; 4 by default."),
    learn: z
      .boolean()
      .optional()
      .describe("True: the model sees earlier answers to similar questions that users liked."),
    refuse: z
      .enum(["off", "clear", "strict"])
      .optional()
      .describe(
        "Level at which a question is refused. off: only if nothing was found. clear: if the question is most likely about something else. strict: unless the passages are likely to hold the answer. Default: clear with a language model, strict without.",
      ),
  })
  .refine(({ message, messages }) => (message === undefined) !== (messages === undefined), {
    path: ["message"],
    message: "Give a message, or messages",
  })
  .refine(({ history, sessionId }) => history === undefined || sessionId === undefined, {
    path: ["history"],
    message: "Give the history, or a sessionId",
  })
  .describe("A question to the indexed documents, or many.");

const source = z.object({
  number: z.int().positive().describe("Number that the answer cites it by."),
  documentId: z.string(),
  folder: z
    .string()
    .optional()
    .describe("Name of the folder, if several are indexed. Two folders may have documents of the same name."),
  title: z.string().optional(),
  path: z.array(z.string()).optional().describe("Headings above the passage."),
  start: z.int().nonnegative().describe("First character, as a UTF-16 index into the document's text."),
  end: z.int().nonnegative().describe("One past the last character."),
});

const passage = source.extend({
  uri: z.string().optional(),
  score: z.number(),
  text: z.string().describe("The document's text from start to end."),
});

const citation = passage.extend({
  by: z
    .enum(["model", "overlap", "extraction"])
    .describe(
      "model: its number is in the answer. overlap: a sentence of the answer has its words. extraction: the answer is its text.",
    ),
});

const finishReason = z
  .enum(["stop", "length", "content-filter", "repeated"])
  .describe(
    "Reason why the model stopped; missing if no model was asked. stop: by itself. All other reasons mean that the answer is incomplete. length: cut at the token limit. content-filter: cut by the model's server. repeated: stopped because the model repeated itself.",
  );

const refusal = z
  .object({
    reason: z
      .enum(["nothing-found", "unknown-name", "unrelated", "declined"])
      .describe(
        "nothing-found: no passage. unknown-name: the question names something that no document has. unrelated: the passages are most likely about something else. declined: the model found no answer in its sources.",
      ),
    unknownNames: z.array(z.string()).describe("Names in the question that no document has."),
    nearest: z.array(passage).describe("The nearest passages, at most three."),
  })
  .describe("Reason for a refusal; missing if there is an answer.");

const usage = z.object({
  promptTokens: z.int(),
  completionTokens: z.int(),
  cachedTokens: z.int().optional().describe("Prompt tokens that the server read from its cache."),
});

const session = z.object({
  id: z.string().describe("The sessionId of the next request."),
  turns: z.int().describe("Number of turns that are kept."),
  stored: z.boolean().describe("False if this turn could not be kept. The next turn then does not know it."),
});

export const chatReply = z.object({
  question: z.string(),
  examples: z
    .int()
    .optional()
    .describe("Number of earlier answers that the model saw as examples. Missing unless asked for by learn."),
  session: session.optional().describe("The session. Missing unless the request has a sessionId."),
  completedQuestion: z
    .string()
    .optional()
    .describe("The question as it was searched; missing unless the earlier turns changed it."),
  answer: z.string(),
  mode: z
    .enum(["generated", "extractive", "none"])
    .describe("none: the documents do not answer the question."),
  finishReason: finishReason.optional(),
  usage: usage.optional().describe("Tokens as the model server counted them. Missing without a model."),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "Probability that the found passages hold the answer, estimated from words and vectors. It does not judge the model's text. Missing for a refusal.",
    ),
  citations: z
    .array(citation)
    .describe("Ranges that the answer rests on; empty if nothing could be attributed."),
  sources: z.array(passage).describe("Passages that the answer was made from, cited or not."),
  refusal: refusal.optional(),
});

export const failure = z.object({
  code: z
    .string()
    .describe(
      "Stable code, safe to switch on. The request is at fault: invalid_request, forbidden, not_found, too_large, unsupported_media_type, misdirected, rate_limited. A part of the server failed: stopped, timeout, inference_unreachable and others. Anything else: internal.",
    ),
  message: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const chatBatchReply = z.object({
  succeeded: z.int(),
  failed: z.int(),
  outcomes: z.array(
    z.object({
      index: z.int().describe("Position of the question in the request."),
      status: z.enum(["ok", "failed"]),
      reply: chatReply.optional(),
      error: failure.optional(),
    }),
  ),
});

const component = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  latencyMs: z.number(),
  detail: z.string().optional(),
  since: z.string().describe("Time of the check that first showed this status."),
  lastError: z
    .object({ at: z.string(), status: z.enum(["degraded", "down"]) })
    .optional()
    .describe("The last check that showed another status than ok. Missing if none did."),
});

export const healthReply = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  components: z.record(z.string(), component),
  answers: z.string(),
  index: z.object({ documents: z.int(), chunks: z.int() }),
});

export const liveReply = z.object({ status: z.literal("ok"), uptimeSeconds: z.number() });

export type ChatRequest = z.output<typeof chatRequest>;
export type ChatBatchReply = z.output<typeof chatBatchReply>;
export type ChatReply = z.output<typeof chatReply>;
