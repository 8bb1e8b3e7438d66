import { ConfigurationError } from "@binnacle/core";
import { createReplayingFetch } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { LlamaCppBackend, LlamaCppEmbedder } from "../backends/llama-cpp/index.ts";
import { OpenAIBackend, OpenAIEmbedder } from "../backends/openai/index.ts";

const { fetch } = createReplayingFetch([]);
const model = "m";
const blocked = "http://127.0.0.1:10080";

test.each([
  ["LlamaCppBackend: url", () => new LlamaCppBackend({ url: blocked })],
  ["LlamaCppEmbedder: url", () => new LlamaCppEmbedder({ url: blocked })],
  ["OpenAIBackend: baseUrl", () => new OpenAIBackend({ baseUrl: `${blocked}/v1`, model })],
  ["OpenAIEmbedder: baseUrl", () => new OpenAIEmbedder({ baseUrl: `${blocked}/v1`, model })],
])("%s with a port that fetch never connects to is refused at once", (where, make) => {
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(new RegExp(`^${where}: port 10080 .* let the server listen on another port$`));
});

test("an app's own fetch may reach any port", () => {
  for (const url of [blocked, "http://127.0.0.1:6000"]) {
    expect(new LlamaCppBackend({ url, fetch })).toBeDefined();
    expect(new OpenAIBackend({ baseUrl: `${url}/v1`, fetch, model })).toBeDefined();
  }
});
