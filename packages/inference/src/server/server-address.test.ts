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
])("refuses %s with a port that fetch never connects to", (where, make) => {
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(
    new RegExp(`^${where}: fetch never connects to port 10080 .* Let the server listen on another port$`),
  );
});

test("accepts any port with an app's own fetch", () => {
  for (const url of [blocked, "http://127.0.0.1:6000"]) {
    expect(new LlamaCppBackend({ url, fetch })).toBeDefined();
    expect(new OpenAIBackend({ baseUrl: `${url}/v1`, fetch, model })).toBeDefined();
  }
});

test.each(["http://server/v1", "http://server/v1/", "https://user:hush@gateway/llama/v1"])(
  "refuses the LlamaCpp address %s and says to remove /v1",
  (url) => {
    for (const Driver of [LlamaCppBackend, LlamaCppEmbedder]) {
      const make = (): unknown => new Driver({ url, fetch });
      expect(make).toThrow(ConfigurationError);
      expect(make).toThrow(/: url: must not end with \/v1; remove it/);
      expect(make).not.toThrow(/hush/);
    }
    expect(new LlamaCppBackend({ url: "http://server/v10", fetch })).toBeDefined();
  },
);

test("advises to add /v1 when an OpenAI address without it finds nothing", async () => {
  const failureAt = (baseUrl: string, path: string, body = "Not Found"): Promise<unknown> => {
    const missing = { request: { method: "POST", path }, response: { status: 404, body } };
    const server = { baseUrl, model, fetch: createReplayingFetch([missing]).fetch };
    return new OpenAIBackend(server).generate({ messages: [{ role: "user", content: "Hi" }] }).catch(String);
  };
  const hint = "Not Found; most servers have this protocol below /v1; add /v1 to the end of baseUrl";
  expect(await failureAt("http://server/", "/chat/completions")).toContain(hint);
  expect(await failureAt("http://server/v1", "/v1/chat/completions")).not.toContain("put it");
  expect(await failureAt("http://server", "/chat/completions", "no model m")).not.toContain("put it");
});
