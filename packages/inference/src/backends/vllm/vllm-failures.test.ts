import { readFileSync } from "node:fs";
import { join } from "node:path";
import { blameOf, RequestError, type InferenceErrorKind } from "@binnacle/core";
import { createReplayingFetch } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { httpError } from "../../failures/failure-error.ts";
import { VllmBackend } from "./vllm-backend.ts";
import type { RecordedRefusal } from "./fixtures/record-failures.ts";
import { vllmFailures } from "./vllm-failures.ts";

const address = "http://127.0.0.1:1";
const context = { label: `VllmBackend ${address}`, address, table: vllmFailures };
// Recorded from vLLM 0.32.0 by fixtures/record.ts.
const refusals: readonly RecordedRefusal[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/failures.json"), "utf8"),
);
const kinds: Readonly<Record<string, InferenceErrorKind>> = {
  "a prompt over the context": "too-long",
  "more tokens than the context": "invalid-request",
  "an unknown model": "not-found",
  "no messages": "invalid-request",
  "a body that is not JSON": "invalid-request",
  "an image for a model without vision": "unsupported",
  "a grammar that cannot be read": "invalid-request",
  "embeddings of a chat model": "unsupported",
  "a path that does not exist": "unsupported",
  "a text over the limit": "too-long",
  "dimensions of a model that cannot be cut": "unsupported",
  "a format that does not exist": "invalid-request",
  "chat with an embedding model": "unsupported",
  "a pair over the limit": "too-long",
  "a request while the queue is full": "overloaded",
};
const failureOf = (status: number, body: string): unknown =>
  httpError(new RequestError(`http_${status}`, "refused", { url: address, status, body }), context, false);

test.each(Object.entries(kinds))("reads %s as %s", (request, kind) => {
  const refusal = refusals.find((one) => one.request === request);
  expect(refusal, "run the record script").toBeDefined();
  const error = failureOf(refusal?.status ?? 0, refusal?.body ?? "");
  expect(error).toMatchObject({ kind, retryable: kind === "overloaded", replica: address });
});

test("reads the overload that comes as the first event of a 200 as an overload", async () => {
  const refusal = refusals.find(({ request }) => request === "a stream while the queue is full");
  expect(refusal).toMatchObject({ status: 200, body: expect.stringMatching(/^data: \{"error"/) });
  const { fetch } = createReplayingFetch([
    {
      request: { method: "POST", path: "/v1/chat/completions" },
      response: { headers: { "content-type": "text/event-stream" }, body: refusal?.body },
    },
  ]);
  const backend = new VllmBackend({ url: address, fetch, maxAttempts: 1 });
  const error = await backend
    .generate({ messages: [{ role: "user", content: "Hi" }] })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "overloaded", retryable: true });
  expect(blameOf(error)).toBe("load");
});

// From the server's source and public reports.
test.each([
  [401, '{"error":"Unauthorized"}', "unauthorized", false],
  [
    503,
    '{"error":{"message":"EngineCore encountered an issue.","type":"EngineDeadError","code":503}}',
    "engine-dead",
    true,
  ],
  [
    400,
    '{"object":"error","message":"This model\'s maximum context length is 8 tokens.","type":"BadRequestError","code":400}',
    "too-long",
    false,
  ],
  [
    500,
    '{"error":{"message":"Internal Server Error","type":"InternalServerError","code":500}}',
    "server",
    true,
  ],
  [502, "<html>Bad Gateway</html>", "unreachable", true],
])("reads %i %s as %s, retryable: %s", (status, body, kind, retryable) => {
  expect(failureOf(status, body)).toMatchObject({ kind, retryable });
});

test("advises to start the server for the task if it lacks the endpoint", () => {
  expect(failureOf(404, '{"detail":"Not Found"}')).toHaveProperty(
    "message",
    expect.stringContaining("lacks the endpoint; start vLLM with a model and --runner for this task"),
  );
});
