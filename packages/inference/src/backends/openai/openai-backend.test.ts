import { TimeoutError } from "@binnacle/core";
import { createReplayingFetch, type RecordedResponse } from "@binnacle/core/testing";
import { OpenAI } from "openai";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { OpenAIBackend } from "./openai-backend.ts";
import { OpenAIEmbedder } from "./openai-embedder.ts";
import type { OpenAIBackendOptions } from "./openai-options.ts";

const baseUrl = "http://server/v1";
const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const piece = (content: string): string =>
  `data: ${JSON.stringify({ model: "m", choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const finish = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
const failed = (status: number, error: object): RecordedResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ error }),
});

function replaying(path: string, responses: readonly RecordedResponse[]) {
  return createReplayingFetch(responses.map((response) => ({ request: { method: "POST", path }, response })));
}

function backendOn(responses: readonly RecordedResponse[], options: object = {}): OpenAIBackend {
  const { fetch } = replaying("/v1/chat/completions", responses);
  return new OpenAIBackend({ baseUrl, fetch, model: "m", maxAttempts: 1, ...options });
}

/** Stops the clock until the test advances it. */
function stopTime(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

test.each([
  ["no way to reach a server", { model: "m" }, /apiKey: is required/],
  ["two ways at once", { model: "m", baseUrl, client: new OpenAI({ apiKey: "x" }) }, /client: has its own/],
  [
    "headers beside a client",
    { model: "m", headers: {}, client: new OpenAI({ apiKey: "x" }) },
    /client: has its own .*headers.* pass either client or those options/,
  ],
  [
    "a limit for a client's connections",
    { model: "m", connectTimeoutMs: 1, client: new OpenAI({ apiKey: "x" }) },
    /client: has its own .*connectTimeoutMs.* pass either client or those options/,
  ],
  ["something that is no client", { model: "m", client: {} }, /client: must be a client/],
  ["no model", { baseUrl }, /model/],
])("refuses options with %s", (_, options, message) => {
  // Constructed as from JavaScript, because the types already refuse most of these options.
  expect(() => Reflect.construct(OpenAIBackend, [options])).toThrow(message);
});

test("never uses the retries and the timeout of the app's client", async () => {
  const { fetch, requests } = replaying("/v1/chat/completions", [
    failed(500, { message: "no" }),
    { body: finish },
  ]);
  const client = new OpenAI({ apiKey: "k", baseURL: baseUrl, fetch, maxRetries: 5, timeout: 1 });
  const backend = new OpenAIBackend({ client, model: "m", maxAttempts: 1 });
  await expect(backend.generate(request)).rejects.toMatchObject({ kind: "server", replica: baseUrl });
  expect(requests).toHaveLength(1);
});

describe("a stream of OpenAIBackend", () => {
  test("reports a cut stream as interrupted, although the openai package would end it without an error", async () => {
    const cut = backendOn([{ body: [piece("Hel"), piece("lo")] }]);
    await expect(cut.generate(request)).rejects.toMatchObject({
      kind: "interrupted",
      partial: { text: "Hello" },
    });
    const broken = backendOn([{ body: [piece("Hel")], ending: "cut" }]);
    await expect(broken.generate(request)).rejects.toMatchObject({
      kind: "interrupted",
      partial: { text: "Hel" },
    });
  });

  test.each([
    ["first-token", { firstTokenTimeoutMs: 20 }, []],
    ["idle", { idleTimeoutMs: 20 }, [piece("Hel")]],
  ])("ends a silent stream by the %s timer", async (phase, options, body) => {
    const backend = backendOn([{ body, ending: "open" }], options);
    await expect(backend.generate(request)).rejects.toMatchObject({ code: "timeout", phase });
  });

  test.each([
    ["idle", { idleTimeoutMs: 20 }],
    ["total", { totalTimeoutMs: 40 }],
  ])("adds the partial answer to the error of the %s timer", async (phase, options) => {
    stopTime();
    const body = [": ping\n\n", piece("lo")];
    const backend = backendOn([{ body: [piece("Hel"), ...body], ending: "open" }], options);
    const failure = backend.stream(request).result.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(40);
    expect(await failure).toMatchObject({
      name: "TimeoutError",
      code: "timeout",
      phase,
      retryable: true,
      partial: { text: "Hello" },
    });
  });

  test("adds the partial answer to a deadline's error, but never changes an abort's reason", async () => {
    const hanging = () => {
      const backend = backendOn([{ body: [piece("Hel")], ending: "open" }]);
      return backend;
    };
    stopTime();
    const late = hanging().generate(request, { deadlineAt: Date.now() + 40 });
    const told = expect(late).rejects.toMatchObject({
      code: "timeout",
      phase: "total",
      partial: { text: "Hel" },
    });
    await vi.advanceTimersByTimeAsync(40);
    await told;
    const reason = new TimeoutError("the app's own", { afterMs: 1, phase: "app" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 40);
    const left = expect(hanging().generate(request, { signal: controller.signal })).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(40);
    await left;
  });

  test("adds the partial answer to the error of a broken piece", async () => {
    const backend = backendOn([{ body: [piece("Hel"), "data: {oops\n\n"] }]);
    await expect(backend.generate(request)).rejects.toMatchObject({
      name: "InvalidResponseError",
      code: "invalid_response",
      partial: { text: "Hel" },
    });
  });
});

test("waits as long as an overloaded server asks", async () => {
  const { fetch } = replaying("/v1/chat/completions", [
    {
      ...failed(429, { message: "slow down", code: "rate_limit_exceeded" }),
      headers: { "retry-after-ms": "5" },
    },
    { body: [piece("Hi"), finish] },
  ]);
  const backend = new OpenAIBackend({ baseUrl, fetch, model: "m", maxAttempts: 2 });
  expect(await backend.generate(request)).toMatchObject({ text: "Hi", finishReason: "stop" });
  const once = backendOn([{ ...failed(429, { message: "slow down" }), headers: { "retry-after": "7" } }]);
  await expect(once.generate(request)).rejects.toMatchObject({ kind: "overloaded", retryAfterMs: 7000 });
  const headers = { "retry-after-ms": "", "retry-after": "7" };
  const garbled = backendOn([{ ...failed(429, { message: "slow down" }), headers }]);
  await expect(garbled.generate(request)).rejects.toMatchObject({ retryAfterMs: 7000 });
});

test("refuses or sends requests by the declared capabilities", async () => {
  const options: Partial<OpenAIBackendOptions> = { jsonSchema: false, contextTokens: 9, slots: 2 };
  const backend = backendOn([], options);
  expect(await backend.capabilities()).toEqual({
    model: "m",
    vision: false,
    jsonSchema: false,
    contextTokens: 9,
    slots: 2,
    countsTokens: false,
    tools: false,
    namedToolChoice: false,
    grammars: [],
    logprobs: false,
    adapters: false,
  });
  await expect(backend.generate({ ...request, jsonSchema: {} })).rejects.toMatchObject({
    capability: "jsonSchema",
  });
  const { fetch, requests } = replaying("/v1/chat/completions", [{ body: finish }]);
  const older = new OpenAIBackend({ baseUrl, fetch, model: "m", maxTokensField: "max_tokens" });
  await older.generate({ ...request, maxTokens: 4 });
  expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ model: "m", max_tokens: 4, stream: true });
});

describe("embeddings", () => {
  test("requests base64 embeddings and also reads plain numbers without corrupting them", async () => {
    const answer = { body: JSON.stringify({ data: [{ index: 0, embedding: [3, 4] }] }) };
    const { fetch, requests } = replaying("/v1/embeddings", [answer, answer]);
    const embedder = new OpenAIEmbedder({ baseUrl, fetch, model: "m", dimensions: 2 });
    const { outcomes, spaceId } = await embedder.embed(["tides"], { role: "document" });
    expect(outcomes).toEqual([Float32Array.of(0.6, 0.8)]);
    expect(spaceId).toBe("m;pooling=model;l2;2");
    expect(JSON.parse(requests[1]?.body ?? "")).toEqual({
      model: "m",
      input: ["tides"],
      encoding_format: "base64",
      dimensions: 2,
    });
  });

  test("detects a server that ignores the requested dimensions", async () => {
    const answer = { body: JSON.stringify({ data: [{ index: 0, embedding: [1, 2, 3] }] }) };
    const { fetch } = replaying("/v1/embeddings", [answer]);
    const embedder = new OpenAIEmbedder({ baseUrl, fetch, model: "m", dimensions: 2 });
    await expect(embedder.describe()).rejects.toThrow(/asked for 2 dimensions, got 3/);
  });
});

test("refuses an HTML answer", async () => {
  const { fetch } = replaying("/v1/embeddings", [{ body: "<html>" }]);
  const embedder = new OpenAIEmbedder({ baseUrl, fetch, model: "m", maxAttempts: 1 });
  await expect(embedder.describe()).rejects.toMatchObject({ code: "invalid_response" });
});

test("shows an answer that is not an event stream, without secrets, instead of calling it interrupted", async () => {
  const answered = (body: string, type: string) =>
    backendOn([{ body, headers: { "content-type": type } }], { apiKey: "secret-key" })
      .generate(request)
      .catch((error: unknown) => error);
  expect(await answered("<html>Log in with secret-key</html>", "text/html")).toMatchObject({
    code: "invalid_response",
    retryable: false,
    message: expect.stringContaining('got text/html: "<html>Log in with [redacted]</html>"'),
  });
  // LM Studio's message (lmstudio-ai/lmstudio-bug-tracker#2322).
  const tooLong =
    "Trying to keep the first 9000 tokens, but the model is loaded with context length of only 4096 tokens";
  expect(await answered(JSON.stringify({ error: tooLong }), "application/json")).toMatchObject({
    kind: "too-long",
    retryable: false,
    replica: baseUrl,
  });
});

describe("a declared capability", () => {
  test("sends declared tools, grammars, log-probabilities, adapters and reasoning", async () => {
    const tools = [{ name: "now", parameters: { type: "object" } }];
    const { fetch, requests } = replaying(
      "/v1/chat/completions",
      Array.from({ length: 4 }, () => ({ body: finish })),
    );
    const backend = new OpenAIBackend({
      baseUrl,
      fetch,
      model: "m",
      tools: true,
      grammars: ["regex", "gbnf"],
      logprobs: true,
      adapters: true,
      reasoningField: "reasoning",
    });
    const thought = { role: "assistant" as const, content: "Hello", reasoning: "hm" };
    const messages = [...request.messages, thought, ...request.messages];
    await backend.generate({ messages, tools, toolChoice: { name: "now" } });
    await backend.generate({ ...request, grammar: { syntax: "regex", pattern: "a+" }, adapter: "law" });
    await backend.generate({
      ...request,
      grammar: { syntax: "gbnf", grammar: 'root ::= "a"' },
      model: "big",
    });
    await backend.generate({ ...request, logprobs: 0 });
    expect(requests.map(({ body }): unknown => JSON.parse(body))).toMatchObject([
      {
        messages: [
          { role: "user" },
          { role: "assistant", content: "Hello", reasoning: "hm" },
          { role: "user" },
        ],
        tools: [{ type: "function", function: { name: "now" } }],
        tool_choice: { type: "function", function: { name: "now" } },
      },
      { structured_outputs: { regex: "a+" }, model: "law" },
      { grammar: 'root ::= "a"', model: "big" },
      { logprobs: true, top_logprobs: 1 },
    ]);
  });

  test.each([
    ["tools", { tools: [{ name: "now", parameters: {} }] }],
    ["grammars", { grammar: { syntax: "ebnf", grammar: "a" } as const }],
    ["logprobs", { logprobs: 1 }],
    ["adapters", { adapter: "law" }],
  ])("refuses undeclared %s before anything is sent", async (capability, fields) => {
    await expect(backendOn([]).generate({ ...request, ...fields })).rejects.toMatchObject({
      capability,
      replica: baseUrl,
      message: expect.stringMatching(new RegExp(`set ${capability}`)),
    });
  });
});

test("retries a stream that the server aborts before any text (D10)", async () => {
  const aborted = 'data: {"choices":[{"delta":{"content":""},"finish_reason":"abort"}]}\n\n';
  const responses = [{ body: aborted }, { body: [piece("Hi"), finish] }];
  expect(await backendOn(responses, { maxAttempts: 2 }).generate(request)).toMatchObject({ text: "Hi" });
  await expect(backendOn(responses).generate(request)).rejects.toMatchObject({
    kind: "interrupted",
    retryable: true,
    attempts: [{ replica: baseUrl, kind: "interrupted" }],
  });
});
