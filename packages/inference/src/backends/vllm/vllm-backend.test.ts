import { blameOf } from "@binnacle/core";
import { createReplayingFetch, type RecordedExchange, type RecordedResponse } from "@binnacle/core/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { VllmBackend } from "./vllm-backend.ts";
import { parseBackendOptions, type VllmBackendOptions, type VllmBackendSettings } from "./vllm-options.ts";

const url = "http://vllm";
const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const json = (value: unknown, status = 200): RecordedResponse => ({ status, body: JSON.stringify(value) });
const models = (...data: readonly object[]): RecordedExchange => ({
  request: { path: "/v1/models" },
  response: json({ data }),
});
const version = (text: string): RecordedExchange => ({
  request: { path: "/version" },
  response: json({ version: text }),
});
const model = { id: "qwen3", max_model_len: 4096 };
const tokens = (count: number): RecordedExchange => ({
  request: { method: "POST", path: "/tokenize" },
  response: json({ count, max_model_len: 4096, tokens: [] }),
});
const blind: RecordedExchange = {
  request: { method: "POST", path: "/tokenize" },
  response: json(
    {
      error: {
        message: "At most 0 image(s) may be provided in one prompt.",
        type: "BadRequestError",
        code: 400,
      },
    },
    400,
  ),
};
const piece = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ model: "qwen3", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const done = "data: [DONE]\n\n";
const chat = (...body: readonly string[]): RecordedExchange => ({
  request: { method: "POST", path: "/v1/chat/completions" },
  response: { headers: { "content-type": "text/event-stream" }, body },
});
const hello = chat(piece({ content: "Hello" }), piece({}, "stop"), done);
// The order of the questions: a plain message, an image, a tool.
const facts = [version("0.32.0"), models(model), tokens(5), blind, tokens(60)];

function replay(exchanges: readonly RecordedExchange[], options: Partial<VllmBackendOptions> = {}) {
  const replaying = createReplayingFetch(exchanges);
  const backend = new VllmBackend({ url, fetch: replaying.fetch, maxAttempts: 1, ...options });
  const sent = () => JSON.parse(replaying.requests.at(-1)?.body ?? "");
  return { replaying, backend, sent };
}

test("has a schema with exactly the interface's options", () => {
  expectTypeOf<keyof VllmBackendSettings>().toEqualTypeOf<keyof VllmBackendOptions>();
  expect(parseBackendOptions({ url })).toMatchObject({ url, headers: {}, maxAttempts: 3 });
});

describe("capabilities", () => {
  test("asks the server for its capabilities, and counts an image and a tool to find out about them (T11)", async () => {
    const { backend, replaying } = replay(facts);
    expect(await backend.capabilities()).toEqual({
      model: "qwen3",
      contextTokens: 4096,
      vision: false,
      jsonSchema: true,
      countsTokens: true,
      tools: true,
      namedToolChoice: true,
      grammars: ["gbnf", "ebnf", "regex", "choice"],
      logprobs: true,
      adapters: false,
    });
    replaying.assertDone();
  });

  test("refuses tools before they are sent if the template drops them", async () => {
    const dropped = [version("0.32.0"), models(model), tokens(5), tokens(90), tokens(5)];
    const { backend } = replay(dropped);
    expect(await backend.capabilities()).toMatchObject({ vision: true, tools: false });
    const tools = [{ name: "look", parameters: { type: "object" } }];
    await expect(backend.generate({ ...request, tools })).rejects.toMatchObject({
      name: "UnsupportedError",
      capability: "tools",
      message: expect.stringContaining("--chat-template"),
    });
  });

  test("names the folder's last part for a model that is served from a path", async () => {
    const { backend } = replay([
      version("0.32.0"),
      models({ id: "/srv/models/qwen3-4b/", max_model_len: 4096 }),
      tokens(5),
      blind,
      tokens(60),
    ]);
    expect(await backend.capabilities()).toMatchObject({ model: "qwen3-4b" });
  });

  test("asks again after a lost connection and after a health check found another version", async () => {
    const lost: RecordedExchange = { ...hello, response: { failure: "ECONNREFUSED" } };
    const healthy: RecordedExchange = { request: { path: "/health" }, response: { body: "" } };
    const restarted = [version("0.33.0"), models({ ...model, max_model_len: 8192 })];
    const { backend, replaying } = replay([
      ...facts,
      lost,
      ...facts,
      healthy,
      version("0.32.0"),
      models(model),
      healthy,
      ...restarted,
      ...restarted,
      tokens(5),
      blind,
      tokens(60),
    ]);
    await backend.capabilities();
    await expect(backend.generate(request)).rejects.toMatchObject({ kind: "unreachable" });
    expect(await backend.capabilities()).toMatchObject({ contextTokens: 4096 });
    expect(await backend.health()).toMatchObject({ status: "ok" });
    expect(await backend.health()).toMatchObject({ status: "ok" });
    expect(await backend.capabilities()).toMatchObject({ contextTokens: 8192 });
    replaying.assertDone();
  });

  test("rejects with the server's models if it lacks the wanted one", async () => {
    const { backend } = replay([version("0.32.0"), models(model)], { model: "llama" });
    await expect(backend.capabilities()).rejects.toMatchObject({
      kind: "not-found",
      message: expect.stringContaining('no model "llama"; it has qwen3'),
    });
  });
});

describe("a request", () => {
  test("names its adapter as the model, and carries the request id (T12)", async () => {
    const withAdapter = [version("0.32.0"), models(model, { id: "sql", parent: "qwen3" })];
    const { backend, sent, replaying } = replay([...withAdapter, tokens(5), blind, tokens(60), hello]);
    await backend.generate({ ...request, adapter: "sql", maxTokens: 9 }, { requestId: "abc" });
    expect(sent()).toMatchObject({ model: "sql", max_completion_tokens: 9 });
    expect(replaying.requests.at(-1)?.headers.get("x-request-id")).toBe("abc");
  });

  test.each([
    ["0.10.2", { guided_choice: ["yes", "no"] }],
    ["0.11.0", { structured_outputs: { choice: ["yes", "no"] } }],
    ["0.32.0+cpu", { structured_outputs: { choice: ["yes", "no"] } }],
    ["dev", { structured_outputs: { choice: ["yes", "no"] } }],
  ])("spells a grammar as version %s reads it", async (text, field) => {
    const { backend, sent } = replay([version(text), models(model), tokens(5), blind, tokens(60), hello]);
    await backend.generate({ ...request, grammar: { syntax: "choice", choices: ["yes", "no"] } });
    expect(sent()).toMatchObject(field);
  });

  test.each([
    ["0.15.1", "reasoning_content"],
    ["0.16.0", "reasoning"],
  ])("spells earlier reasoning as version %s reads it", async (text, name) => {
    const { backend, sent } = replay([version(text), models(model), hello]);
    const turn = { role: "assistant" as const, content: "Hello", reasoning: "They greet." };
    await backend.generate({ messages: [...request.messages, turn, ...request.messages] });
    expect(sent().messages[1]).toEqual({ role: "assistant", content: "Hello", [name]: "They greet." });
  });

  test("asks nothing before a plain question, and leaves out the model", async () => {
    const { backend, sent } = replay([hello]);
    expect(await backend.generate(request)).toMatchObject({ text: "Hello", model: "qwen3" });
    expect(sent()).not.toHaveProperty("model");
  });

  test.each(["reasoning", "reasoning_content"])("reads the answer's %s", async (name) => {
    const { backend } = replay([chat(piece({ [name]: "Hm." }), piece({ content: "Yes" }, "stop"), done)]);
    expect(await backend.generate(request)).toMatchObject({ reasoning: "Hm.", text: "Yes" });
  });
});

describe("an error inside a stream", () => {
  const overload = {
    message: "The server is overloaded: too many queued requests.",
    type: "ServiceUnavailableError",
    param: null,
    code: 503,
  };

  test.each([
    ["in a wrapper", { error: overload }],
    ["flat, as older versions send it", { ...overload, object: "error" }],
    ["flat in a wrapper, as older versions send it", { error: { ...overload, object: "error" } }],
  ])("reports an overload that comes as the first event: %s", async (_, body) => {
    const { backend } = replay([chat(`data: ${JSON.stringify(body)}\n\n`, done)]);
    const error = await backend.generate(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "overloaded", retryable: true });
    expect(blameOf(error)).toBe("load");
  });

  test("retries after an error as the first event, because nothing was seen yet", async () => {
    const { backend } = replay([chat(`data: ${JSON.stringify({ error: overload })}\n\n`, done), hello], {
      maxAttempts: 2,
    });
    expect(await backend.generate(request)).toMatchObject({ text: "Hello" });
  });

  test("adds the partial answer to an error that comes later", async () => {
    const dead = {
      error: { message: "EngineCore encountered an issue.", type: "EngineDeadError", code: 500 },
    };
    const { backend } = replay([chat(piece({ content: "Hel" }), `data: ${JSON.stringify(dead)}\n\n`, done)]);
    await expect(backend.generate(request)).rejects.toMatchObject({
      kind: "engine-dead",
      partial: { text: "Hel" },
    });
  });

  test("reports an interruption with the partial answer if a stream ends without its mark", async () => {
    const { backend } = replay([chat(piece({ content: "Hel" }))]);
    await expect(backend.generate(request)).rejects.toMatchObject({
      kind: "interrupted",
      partial: { text: "Hel" },
    });
  });

  test("takes the mark of the end for a reason (S2)", async () => {
    const { backend } = replay([chat(piece({ content: "Hello" }), done)]);
    expect(await backend.generate(request)).toMatchObject({ text: "Hello", finishReason: "stop" });
  });
});
