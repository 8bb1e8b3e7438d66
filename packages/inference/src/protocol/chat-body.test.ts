import { expect, test } from "vitest";
import { chatBody } from "./chat-body.ts";

const messages = [{ role: "user" as const, content: "Hi" }];

test("leaves out fields that were not given", () => {
  expect(chatBody({ messages }, { stream: false, maxTokensField: "max_tokens" })).toEqual({ messages });
});

test("sends every field under the protocol's name", () => {
  const request = {
    messages,
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    seed: 1,
    stop: ["x"],
    jsonSchema: { type: "object" },
  };
  expect(chatBody(request, { model: "m", stream: true, maxTokensField: "max_completion_tokens" })).toEqual({
    model: "m",
    messages,
    max_completion_tokens: 9,
    temperature: 0,
    top_p: 0.5,
    seed: 1,
    stop: ["x"],
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: { type: "object" } },
    },
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("sends an image as a data URI of its own bytes only (T14)", () => {
  const data = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
  const content = [
    { type: "text" as const, text: "What?" },
    { type: "image" as const, image: { mediaType: "image/png", data } },
  ];
  const body = chatBody(
    { messages: [{ role: "user", content }] },
    { stream: false, maxTokensField: "max_tokens" },
  );
  expect(body["messages"]).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "What?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
      ],
    },
  ]);
});

test("sends half of a surrogate pair as U+FFFD everywhere in the body", () => {
  const half = "cut \ud83d";
  const body = chatBody(
    {
      messages: [
        { role: "system", content: half },
        { role: "user", content: [{ type: "text", text: half }] },
      ],
      stop: [half, "🙂"],
      jsonSchema: { type: "object", properties: { [half]: { enum: [half, 1, null, true] } } },
    },
    { stream: true, maxTokensField: "max_tokens" },
  );
  expect(body["stop"]).toEqual(["cut \ufffd", "🙂"]);
  expect(JSON.stringify(body)).not.toContain("\\ud83d");
  expect(JSON.stringify(body).match(/cut \ufffd/g)).toHaveLength(5);
});
