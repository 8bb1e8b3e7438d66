import assert from "node:assert/strict";
import type { ContentPart } from "../../spec/content-part.ts";
import type { GenerateRequest, Grammar } from "../../spec/generate-request.ts";
import type { InferenceBackend } from "../../spec/inference-backend.ts";

/** One promise of the contract: its name and a check for a backend. */
export type Promised = readonly [name: string, body: (backend: InferenceBackend) => Promise<void>];

/** A request whose answer has at least two tokens. */
export const counting: GenerateRequest = {
  messages: [{ role: "user", content: "Count from one to twenty." }],
  maxTokens: 24,
  temperature: 0,
};
/** A request with characters of several scripts. */
export const unicode: GenerateRequest = {
  messages: [{ role: "user", content: "Repeat: naïve café 🙂 日本語 e\u0301" }],
  maxTokens: 24,
  temperature: 0,
};
/** A request for JSON. */
export const schema: GenerateRequest = {
  messages: [{ role: "user", content: "Is the sky blue? Answer as JSON." }],
  maxTokens: 32,
  temperature: 0,
  jsonSchema: {
    type: "object",
    properties: { answer: { type: "boolean" } },
    required: ["answer"],
    additionalProperties: false,
  },
};
// A GIF of one pixel.
const pixel = Uint8Array.from(atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), (c) =>
  c.charCodeAt(0),
);
const content: readonly ContentPart[] = [
  { type: "text", text: "What is this?" },
  { type: "image", image: { mediaType: "image/gif", data: pixel } },
];
/** A request with an image. */
export const picture: GenerateRequest = {
  messages: [{ role: "user", content }],
  maxTokens: 8,
  temperature: 0,
};

const yesOrNo = "Is the sky blue? Answer yes or no.";

/** A request in which the model must call a tool. */
export const toolUse: GenerateRequest = {
  messages: [{ role: "user", content: "What is the weather in Oslo?" }],
  maxTokens: 64,
  temperature: 0,
  tools: [
    {
      name: "weather",
      description: "Tells the weather of a city.",
      parameters: {
        type: "object",
        properties: { city: { type: "string", maxLength: 20 } },
        required: ["city"],
        additionalProperties: false,
      },
    },
  ],
  toolChoice: "required",
};

const grammars: readonly Grammar[] = [
  { syntax: "gbnf", grammar: 'root ::= "yes" | "no"' },
  { syntax: "ebnf", grammar: 'root ::= "yes" | "no"' },
  { syntax: "regex", pattern: "yes|no" },
  { syntax: "choice", choices: ["yes", "no"] },
];

/** One request per syntax of a grammar. Each allows the texts "yes" and "no". */
export const constrained: readonly (GenerateRequest & { readonly grammar: Grammar })[] = grammars.map(
  (grammar) => ({
    messages: [{ role: "user", content: yesOrNo }],
    maxTokens: 8,
    temperature: 0,
    grammar,
  }),
);

/** A request for the log-probabilities of the answer's tokens. */
export const withLogprobs: GenerateRequest = { ...counting, maxTokens: 4, logprobs: 2 };

/** Asserts that both `generate` and `stream` refuse the request. */
export async function refusesBothWays(
  backend: InferenceBackend,
  request: GenerateRequest,
  error: object,
): Promise<void> {
  await assert.rejects(backend.generate(request), error);
  await assert.rejects(backend.stream(request).result, error);
}

/** A matcher for the error of a missing capability. */
export function unsupported(capability: string): object {
  return { code: "unsupported", capability };
}
