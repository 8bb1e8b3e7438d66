import { expect, test } from "vitest";
import { connectionError, failureError, parseFailure } from "./server-failure.ts";

test.each([
  [
    '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    "unavailable_error",
    "Loading model",
  ],
  [
    '{"error":{"message":"No such model","type":"invalid_request_error","code":"model_not_found"}}',
    "invalid_request_error model_not_found",
    "No such model",
  ],
  ['{"error":"Unauthorized"}', "", "Unauthorized"],
  ['{"detail":"Not Found"}', "", "Not Found"],
  ['{"object":"error","message":"flat","type":"BadRequestError","code":400}', "BadRequestError", "flat"],
  ["<html>502 Bad Gateway</html>", "", "<html>502 Bad Gateway</html>"],
  ["42", "", "42"],
])("the error body %s is understood", (body, type, message) => {
  expect(parseFailure(body, 500)).toEqual({ status: 500, type, message });
});

test("inside a stream the status is the error's own code", () => {
  expect(parseFailure({ message: "full", code: 503 })).toEqual({ status: 503, type: "", message: "full" });
});

const context = { component: "X", replica: "http://x" };

test("a status alone tells whether waiting may help", () => {
  const errors = [400, 401, 404, 413, 429, 500, 501, 502, 503].map((status) =>
    failureError({ status, type: "", message: "no" }, context),
  );
  expect(errors.filter(({ retryable }) => retryable).map(({ kind }) => kind)).toEqual([
    "overloaded",
    "server",
    "unreachable",
    "overloaded",
  ]);
});

// OpenAI's and vLLM's own words.
test.each([
  [
    400,
    "invalid_request_error context_length_exceeded",
    "This model's maximum context length is 8192 tokens.",
    "too-long",
    false,
  ],
  [
    400,
    "BadRequestError",
    "This model's maximum context length is 256 tokens. However, you requested 300",
    "too-long",
    false,
  ],
  [404, "invalid_request_error model_not_found", "The model `x` does not exist", "not-found", false],
  [
    400,
    "invalid_request_error unsupported_parameter",
    "Unsupported parameter: 'max_tokens'",
    "unsupported",
    false,
  ],
  [429, "requests rate_limit_exceeded", "Rate limit reached", "overloaded", true],
  [429, "insufficient_quota", "You exceeded your current quota", "overloaded", false],
])("%i %s %s is %s, retryable: %s", (status, type, message, kind, retryable) => {
  expect(failureError({ status, type, message }, context)).toMatchObject({ kind, retryable });
});

// As each has been reported in the wild, with the status it came with.
test.each([
  [400, "the input length exceeds the context length"], // Ollama
  [500, "Requested tokens (600) exceed context window of 512"], // llama-cpp-python
  [400, "Context size has been exceeded."], // LM Studio, MLX
  [
    undefined, // in an answer of status 200
    "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough.", // LM Studio, GGUF
  ],
  [400, "The input (61709 tokens) is longer than the model's context length (40960 tokens)."], // SGLang
  [400, "The prompt (total length 25938) is too long to fit into the model (context length 4096)."], // vLLM
  [400, "The decoder prompt (length 300) is longer than the maximum model length of 256."], // vLLM
  [400, "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"], // Mistral
  [400, "Input is too long for requested model."], // Bedrock
  [400, "prompt is too long: 210000 tokens > 200000 maximum"], // Anthropic
  [413, "Input validation error: `inputs` must have less than 512 tokens. Given: 600"], // text-embeddings-inference
  [400, "Invalid 'input[0]': maximum input length is 8192 tokens."], // OpenAI's embeddings
  [400, "Requested 302371 tokens, max 300000 tokens per request"], // OpenAI's embeddings
])("%s %s is too long, which no retry changes", (status, message) => {
  const error = failureError({ status, type: "invalid_request_error", message }, context);
  expect(error).toMatchObject({ kind: "too-long", retryable: false });
});

test.each([
  [
    400,
    "max_tokens is too large: 99999. This model supports at most 4096 completion tokens",
    "invalid-request",
  ],
  [429, "Rate limit reached: Limit 30000 tokens per min, Requested 40000", "overloaded"],
  [400, "the name of the tool is too long", "invalid-request"],
  [400, "context is required", "invalid-request"],
])("%i %s is no text that is too long", (status, message, kind) => {
  expect(failureError({ status, type: "", message }, context)).toMatchObject({ kind });
});

test("a message says who failed, why, and what to do", () => {
  const options = { hints: { loading: "wait" } };
  expect(failureError({ status: 503, type: "", message: "Loading model" }, context, options).message).toBe(
    "X http://x: Loading model; wait",
  );
});

test("a connection that broke is interrupted once the answer had begun, unreachable before", () => {
  const options = { cause: new Error("reset"), retryable: true };
  expect(connectionError("reset", context, options)).toMatchObject({ kind: "unreachable", retryable: true });
  const partial = { ...context, partial: { text: "" } };
  expect(connectionError("reset", partial, options)).toMatchObject({
    kind: "interrupted",
    partial: { text: "" },
    retryable: true,
  });
});

test("a redirect says that the address is another one, which no repetition changes", () => {
  const failure = { status: 301, type: "", message: "Moved Permanently" };
  expect(failureError(failure, context, { hints: { "not-found": "other" } })).toMatchObject({
    kind: "not-found",
    retryable: false,
    message: "X http://x: Moved Permanently; it redirects, which is not followed: give the final address",
  });
});
