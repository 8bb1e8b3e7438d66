import { ConfigurationError, type GenerateRequest } from "@binnacle/core";
import { expect, test } from "vitest";
import { checkRequest } from "./check-request.ts";

const messages = [{ role: "user", content: "Hi" }] as const;

test("returns the request as it was given", () => {
  const request: GenerateRequest = { messages, maxTokens: 5, temperature: 0, stop: ["."] };
  expect(checkRequest("X", request)).toEqual(request);
});

test("reports all mistakes at once", () => {
  const wrong = { messages: [], maxTokens: 0, temperature: Number.NaN, topP: 2 };
  expect(() => checkRequest("X.generate", wrong)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      issues: ["messages", "maxTokens", "temperature", "topP"].map((path) =>
        expect.objectContaining({ path }),
      ),
    }),
  );
});

test("refuses a misspelt field", () => {
  const misspelt = { messages, max_tokens: 5 };
  expect(() => checkRequest("X", misspelt)).toThrow(ConfigurationError);
});

test("accepts tools, calls and results, and refuses a choice that names no tool", () => {
  const tools = [{ name: "now", description: "Tells the time.", parameters: { type: "object" } }];
  const request: GenerateRequest = {
    messages: [
      {
        role: "assistant",
        content: "",
        reasoning: "hm",
        toolCalls: [{ id: "1", name: "now", arguments: "{}" }],
      },
      { role: "tool", toolCallId: "1", content: "noon" },
    ],
    tools,
    toolChoice: { name: "now" },
    logprobs: 0,
  };
  expect(checkRequest("X", request)).toEqual(request);
  const other: GenerateRequest = { messages, tools, toolChoice: { name: "later" } };
  expect(() => checkRequest("X", other)).toThrow('toolChoice.name: must be one of now, got "later"');
  expect(() => checkRequest("X", { messages, toolChoice: "required" })).toThrow("toolChoice: needs tools");
});

test("refuses a grammar together with a schema", () => {
  const grammar = { syntax: "choice", choices: ["a"] } as const;
  expect(checkRequest("X", { messages, grammar })).toEqual({ messages, grammar });
  expect(() => checkRequest("X", { messages, grammar, jsonSchema: {} })).toThrow("grammar: cannot be used");
});
