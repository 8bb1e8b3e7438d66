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

test("a message says who failed, why, and what to do", () => {
  const options = { hints: { loading: "wait" } };
  expect(failureError({ status: 503, type: "", message: "Loading model" }, context, options).message).toBe(
    "X http://x: Loading model; wait",
  );
});

test("a connection that broke is interrupted once the answer had begun, unreachable before", () => {
  const options = { cause: new Error("reset"), retryable: true };
  expect(connectionError("reset", context, options)).toMatchObject({ kind: "unreachable", retryable: true });
  const partial = { ...context, partial: "" };
  expect(connectionError("reset", partial, options)).toMatchObject({
    kind: "interrupted",
    partial: "",
    retryable: true,
  });
});
