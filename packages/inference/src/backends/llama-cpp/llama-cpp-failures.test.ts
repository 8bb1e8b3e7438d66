import { blameOf, RequestError } from "@binnacle/core";
import { expect, test } from "vitest";
import { httpError } from "../../failures/failure-error.ts";
import { llamaCppFailures } from "./llama-cpp-failures.ts";

const address = "http://127.0.0.1:1";
const context = { label: `LlamaCppBackend ${address}`, address, table: llamaCppFailures };
const answered = (status: number, error: unknown): RequestError =>
  new RequestError(`http_${status}`, "refused", {
    url: address,
    status,
    body: JSON.stringify({ error }),
  });

// Recorded from llama-server 0.7.0 build 11669.
test.each([
  [
    500,
    {
      code: 500,
      message:
        "input (602 tokens) is too large to process. increase the physical batch size (current batch size: 512)",
      type: "server_error",
    },
    "too-long",
    false,
  ],
  [
    400,
    {
      code: 400,
      message: "request (5031 tokens) exceeds the available context size (2048 tokens), try increasing it",
      type: "exceed_context_size_error",
      n_prompt_tokens: 5031,
      n_ctx: 2048,
    },
    "too-long",
    false,
  ],
  [
    500,
    {
      code: 500,
      message:
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
      type: "server_error",
    },
    "unsupported",
    false,
  ],
  [
    500,
    { code: 500, message: "Failed to load image or audio file", type: "server_error" },
    "invalid-request",
    false,
  ],
  [
    501,
    {
      code: 501,
      message: "This server does not support embeddings. Start it with `--embeddings`",
      type: "not_supported_error",
    },
    "unsupported",
    false,
  ],
  [503, { message: "Loading model", type: "unavailable_error", code: 503 }, "loading", true],
  [401, { message: "Invalid API Key", type: "authentication_error", code: 401 }, "unauthorized", false],
  [404, { message: "File Not Found", type: "not_found_error", code: 404 }, "not-found", false],
  [400, { message: "model 'zzz' not found", type: "invalid_request_error", code: 400 }, "not-found", false],
  [
    400,
    { message: "model name is missing from the request", type: "invalid_request_error", code: 400 },
    "invalid-request",
    false,
  ],
  [500, { message: "model name=a failed to load", type: "server_error", code: 500 }, "server", true],
])("reads %i %j as %s, retryable: %s", (status, body, kind, retryable) => {
  const error = httpError(answered(status, body), context, false);
  expect(error).toMatchObject({ kind, retryable, replica: address });
  expect(error).toHaveProperty("message", expect.stringContaining(body.message));
});

test.each([
  [
    "input (602 tokens) is too large to process. increase the physical batch size (current batch size: 512)",
    "request",
  ],
  [
    "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
    "caller",
  ],
])("blames no replica for the permanent 500 %s, so that no pool ejects it", (message, blame) => {
  const error = httpError(answered(500, { code: 500, message, type: "server_error" }), context, false);
  expect(error).toMatchObject({ retryable: false });
  expect(blameOf(error)).toBe(blame);
});
