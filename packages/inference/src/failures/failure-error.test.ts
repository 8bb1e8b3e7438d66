import { InferenceError, RequestError, TimeoutError } from "@binnacle/core";
import { describe, expect, test } from "vitest";
import { chatServerRows } from "./chat-server-rows.ts";
import { connectionError, failureError, httpError, type FailureContext } from "./failure-error.ts";
import { parseFailure, type ServerFailure } from "./server-failure.ts";

const context: FailureContext = { label: "X http://x", address: "http://x", table: { rows: chatServerRows } };
const said = (status: number | undefined, message: string, ...codes: readonly string[]): ServerFailure => ({
  status,
  message,
  codes,
});

test("decides by the status alone if a retry may help", () => {
  const errors = [400, 401, 402, 404, 408, 413, 425, 429, 499, 500, 501, 502, 503, 504, 529, 599].map(
    (status) => failureError(said(status, "no"), context),
  );
  expect(errors.map(({ kind, retryable }) => `${kind} ${retryable}`)).toEqual([
    "invalid-request false",
    "unauthorized false",
    "quota false",
    "not-found false",
    "overloaded true",
    "too-long false",
    "overloaded true",
    "overloaded true",
    "interrupted true",
    "server true",
    "unsupported false",
    "unreachable true",
    "overloaded true",
    "unreachable true",
    "overloaded true",
    "server true",
  ]);
});

describe("a text that is too long", () => {
  // Messages of OpenAI and vLLM.
  test.each([
    [
      400,
      ["invalid_request_error", "context_length_exceeded"],
      "This model's maximum context length is 8192 tokens.",
      "too-long",
      false,
    ],
    [
      400,
      ["BadRequestError"],
      "This model's maximum context length is 256 tokens. However, you requested 300",
      "too-long",
      false,
    ],
    [404, ["invalid_request_error", "model_not_found"], "The model `x` does not exist", "not-found", false],
    [
      400,
      ["invalid_request_error", "unsupported_parameter"],
      "Unsupported parameter: 'max_tokens'",
      "unsupported",
      false,
    ],
    [429, ["requests", "rate_limit_exceeded"], "Rate limit reached", "overloaded", true],
    [429, ["insufficient_quota"], "You exceeded your current quota", "quota", false],
    [500, ["Internal Server Error"], "EngineCore encountered an issue. See stack trace", "engine-dead", true],
  ])("reads %i %s %s as %s, retryable: %s", (status, codes, message, kind, retryable) => {
    expect(failureError(said(status, message, ...codes), context)).toMatchObject({ kind, retryable });
  });

  // Messages from public reports, each with the status it came with.
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
  ])("reads %s %s as too long, without a retry", (status, message) => {
    const error = failureError(said(status, message, "invalid_request_error"), context);
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
  ])("does not read %i %s as too long", (status, message, kind) => {
    expect(failureError(said(status, message), context)).toMatchObject({ kind });
  });
});

test("names the server, the cause and the way out in the message", () => {
  const table = { rows: chatServerRows, hint: (kind: string) => (kind === "loading" ? "wait" : undefined) };
  expect(failureError(said(503, "Loading model"), { ...context, table }).message).toBe(
    "X http://x: Loading model; wait",
  );
});

test("reports a broken connection as interrupted once the answer had begun, as unreachable before", () => {
  const lost = new RequestError("connection_lost", "reset", { url: "http://x", retryable: true });
  expect(connectionError(lost, context, false)).toMatchObject({ kind: "unreachable", retryable: true });
  expect(httpError(lost, context, true)).toMatchObject({
    kind: "interrupted",
    retryable: true,
    replica: "http://x",
    cause: lost,
  });
});

test("leaves timeouts, aborts and classified errors unchanged", () => {
  const timeout = new TimeoutError("late", { afterMs: 1, phase: "idle" });
  const abort = new Error("enough");
  const known = new InferenceError("known", { kind: "server" });
  for (const error of [timeout, abort, known]) expect(httpError(error, context, false)).toBe(error);
});

// Servers quote refused values: FastAPI quotes the input, proxies quote the body.
test.each([
  [400, "invalid value: 'Loading model' is no role", "invalid-request"],
  [422, "Input should be a string, got 'Loading model'", "invalid-request"],
  [400, "Loading model files is not a role", "invalid-request"],
  [400, "bad question: EngineCore encountered an issue", "invalid-request"],
  [429, "Rate limit reached for 'the prompt is too long'", "overloaded"],
  [503, "full; last request: 'This model's maximum context length'", "overloaded"],
  [401, "no access to 'model x not found'", "unauthorized"],
  [400, "the tool 'image input is not supported' is unknown", "invalid-request"],
])("classifies %i %s by its status and not by the text that it quotes", (status, message, kind) => {
  expect(failureError(said(status, message), context)).toMatchObject({ kind });
});

test.each([
  [1, "overloaded server is shutting down", "interrupted", true],
  [3, "unexpected shape for input 'x'", "invalid-request", false],
  [5, "model 'x' is not found", "not-found", false],
  [12, "ModelInfer RPC doesn't support models with decoupled transaction policy", "unsupported", false],
  [13, "failed to enqueue", "server", true],
  [14, "GRPC server is shutting down", "unreachable", true],
  [16, "no token", "unauthorized", false],
  [99, "a code of a later version", "server", true],
])("reads gRPC code %i, %s, as %s, retryable: %s", (grpcCode, body, kind, retryable) => {
  expect(failureError(parseFailure({ grpcCode, body }), context)).toMatchObject({ kind, retryable });
});

test("reports a redirect as a wrong address, without a retry", () => {
  const table = { rows: chatServerRows, hint: () => "other" };
  expect(failureError(said(301, "Moved Permanently"), { ...context, table })).toMatchObject({
    kind: "not-found",
    retryable: false,
    message: "X http://x: Moved Permanently; redirects are not followed; set the final address",
  });
});
