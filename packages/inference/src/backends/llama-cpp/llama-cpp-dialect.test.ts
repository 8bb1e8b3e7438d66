import { createReplayingFetch, type RecordedExchange, type RecordedResponse } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LlamaCppBackend } from "./llama-cpp-backend.ts";
import { gbnfOf } from "./llama-cpp-dialect.ts";

const url = "http://llama-server";
const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const finished = { choices: [{ delta: { content: "Hello" }, finish_reason: "stop" }] };
const whole = [`data: ${JSON.stringify(finished)}\n\n`, "data: [DONE]\n\n"];

function replay(exchanges: readonly (RecordedExchange | RecordedResponse)[]) {
  const chat = { method: "POST", path: "/v1/chat/completions" };
  const replaying = createReplayingFetch(
    exchanges.map((one) => ("request" in one ? one : { request: chat, response: one })),
  );
  return { replaying, backend: new LlamaCppBackend({ url, fetch: replaying.fetch }) };
}

const props = (caps: object): readonly RecordedExchange[] => [
  { request: { path: "/v1/models" }, response: { body: '{"data":[{"id":"m"}]}' } },
  { request: { path: "/props" }, response: { body: JSON.stringify(caps) } },
  {
    request: { method: "POST", path: "/v1/chat/completions/input_tokens" },
    response: { body: '{"input_tokens":3}' },
  },
];
const tools = [{ name: "now", description: "Tells the time.", parameters: { type: "object" } }];

describe("tools", () => {
  test("sends tools to a model whose template supports them, and sends back calls with their results", async () => {
    const call = { index: 0, id: "a", type: "function", function: { name: "now", arguments: "{}" } };
    const called = JSON.stringify({
      choices: [{ delta: { tool_calls: [call] }, finish_reason: "tool_calls" }],
    });
    const { backend, replaying } = replay([
      ...props({ chat_template_caps: { supports_tools: true } }),
      { body: `data: ${called}\n\ndata: [DONE]\n\n` },
      { body: whole },
    ]);
    const { toolCalls, finishReason } = await backend.generate({ ...request, tools, toolChoice: "required" });
    expect({ toolCalls, finishReason }).toEqual({
      toolCalls: [{ id: "a", name: "now", arguments: "{}" }],
      finishReason: "tool-calls",
    });
    await backend.generate({
      tools,
      messages: [
        ...request.messages,
        { role: "assistant", content: "", reasoning: "hm", toolCalls },
        { role: "tool", toolCallId: "a", content: "noon" },
      ],
    });
    const [first, second] = replaying.requests.slice(-2).map(({ body }): unknown => JSON.parse(body));
    expect(first).toMatchObject({
      tools: [{ type: "function", function: { ...tools[0] } }],
      tool_choice: "required",
    });
    expect(second).toMatchObject({
      messages: [
        { role: "user" },
        {
          role: "assistant",
          reasoning_content: "hm",
          tool_calls: [{ id: "a", type: "function", function: { name: "now", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "a", content: "noon" },
      ],
    });
  });

  test("refuses a named tool, and any tools if the template has none, because the server would ignore them", async () => {
    const able = replay(props({ chat_template_caps: { supports_tools: true } }));
    const named = able.backend.generate({ ...request, tools, toolChoice: { name: "now" } });
    await expect(named).rejects.toMatchObject({ capability: "namedToolChoice", replica: url });
    for (const caps of [{ chat_template_caps: { supports_tools: false } }, {}]) {
      const { backend } = replay(props(caps));
      await expect(backend.generate({ ...request, tools })).rejects.toMatchObject({ capability: "tools" });
    }
  });
});

describe("a choice of texts", () => {
  test("sends any choice of texts as a grammar", async () => {
    const { backend, replaying } = replay([...props({}), { body: whole }]);
    const choices = ["yes", 'the "no"', "a\\b", "two\nlines"];
    await backend.generate({ ...request, grammar: { syntax: "choice", choices } });
    expect(JSON.parse(replaying.requests.at(-1)?.body ?? "")).toMatchObject({
      grammar: String.raw`root ::= "yes" | "the \"no\"" | "a\\b" | "two\x0Alines"`,
    });
    const regex = backend.generate({ ...request, grammar: { syntax: "regex", pattern: "a+" } });
    await expect(regex).rejects.toMatchObject({ capability: "grammars" });
  });

  test("escapes every text inside its grammar literal", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: "binary" }), { minLength: 1 }), (choices) => {
        const grammar = gbnfOf({ syntax: "choice", choices }) ?? "";
        const literal = String.raw`"(?:[^"\\\p{Cc}]|\\["\\]|\\x[0-9A-F]{2})+"`;
        expect(grammar).toMatch(
          new RegExp(`^root ::= ${literal}( \\| ${literal}){${choices.length - 1}}$`, "u"),
        );
      }),
    );
  });
});
