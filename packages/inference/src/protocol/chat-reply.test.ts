import { expect, test } from "vitest";
import { parseChatReply } from "./chat-reply.ts";

const reply = (finish_reason: string, message: object = { role: "assistant", content: "Hi" }): object => ({
  model: "m",
  choices: [{ index: 0, message, finish_reason }],
  usage: { prompt_tokens: 3, completion_tokens: 1, prompt_tokens_details: null },
});

test("a whole answer is read in our words", () => {
  expect(parseChatReply("s", reply("stop", { content: "Hi", reasoning: "hm" }), "asked")).toEqual({
    text: "Hi",
    reasoning: "hm",
    finishReason: "stop",
    usage: { promptTokens: 3, completionTokens: 1 },
    model: "m",
  });
});

test("a server that names no model answered with the one asked for", () => {
  const body = { choices: [{ message: { content: null }, finish_reason: "content_filter" }] };
  expect(parseChatReply("s", body, "asked")).toMatchObject({
    text: "",
    finishReason: "content-filter",
    model: "asked",
  });
});

test("an answer that was broken off is an error with what there was", () => {
  expect(() => parseChatReply("s", reply("abort"), "asked")).toThrow(
    expect.objectContaining({ kind: "server", partial: "Hi" }),
  );
});

test("an answer without choices is an invalid response", () => {
  expect(() => parseChatReply("s", { choices: [] }, "asked")).toThrow(
    expect.objectContaining({ code: "invalid_response" }),
  );
});
