import { z } from "zod";

/** Most characters of one question. */
export const maxQuestionLength = 4000;

export const chatRequest = z
  .strictObject({
    message: z.string().trim().min(1).max(maxQuestionLength).describe("The question."),
    limit: z.int().min(1).max(50).optional().describe("Most passages to answer from; 4 if not given."),
    refuse: z
      .enum(["off", "clear", "strict"])
      .optional()
      .describe(
        "When a question is refused. off: only if nothing was found. clear: if it is most likely about something else. strict: unless the passages are likely to hold the answer. If not given: clear with a language model, strict without.",
      ),
  })
  .describe("A question to the indexed documents.");

const source = z.object({
  number: z.int().positive().describe("The number by which the answer may cite it."),
  documentId: z.string(),
  folder: z
    .string()
    .optional()
    .describe("Tells folders apart where more than one is indexed: two may have documents of one name."),
  title: z.string().optional(),
  path: z.array(z.string()).optional().describe("Headings that the passage stands under."),
  start: z.int().nonnegative().describe("First character, as a UTF-16 index into the document's text."),
  end: z.int().nonnegative().describe("One past the last character."),
});

const citation = source.extend({
  uri: z.string().optional(),
  score: z.number(),
  text: z.string().describe("The document's text from start to end."),
});

const finishReason = z
  .enum(["stop", "length", "content-filter", "repeated"])
  .describe(
    "How the model came to its end; missing where no model was asked. stop: by itself. The others end an answer that is not whole: length: cut at the most tokens it may have; content-filter: cut by the model's server; repeated: stopped because the model went in circles.",
  );

const refusal = z
  .object({
    reason: z
      .enum(["nothing-found", "unknown-name", "unrelated", "declined"])
      .describe(
        "nothing-found: no passage. unknown-name: the question names something that no document has. unrelated: what was found is most likely about something else. declined: the model found no answer in its sources.",
      ),
    unknownNames: z.array(z.string()).describe("Names in the question that no document has."),
    nearest: z.array(citation).describe("The passages that come nearest, at most three."),
  })
  .describe("Why nothing answers the question; missing where something does.");

export const chatReply = z.object({
  question: z.string(),
  answer: z.string(),
  mode: z.enum(["generated", "extractive", "none"]).describe("none: the documents do not answer this."),
  finishReason: finishReason.optional(),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "How likely it is that the passages found hold the answer, judged by words and vectors; not of what a model made of them. Missing where the documents do not answer this.",
    ),
  citations: z.array(citation).describe("What the answer rests on; empty where nothing could be attributed."),
  sources: z.array(source).describe("What the answer was made from, whether cited or not."),
  refusal: refusal.optional(),
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
