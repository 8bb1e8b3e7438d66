import { ConfigurationError, type GenerateRequest } from "@binnacle/core";
import { expect, test } from "vitest";
import { checkRequest, hasImage } from "./generate-request.ts";

const messages = [{ role: "user", content: "Hi" }] as const;

test("a checked request is the request that was given", () => {
  const request: GenerateRequest = { messages, maxTokens: 5, temperature: 0, stop: ["."] };
  expect(checkRequest("X", request)).toEqual(request);
});

test("everything that is wrong is named at once", () => {
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

test("a misspelt field is refused", () => {
  const misspelt = { messages, max_tokens: 5 };
  expect(() => checkRequest("X", misspelt)).toThrow(ConfigurationError);
});

test("an image is found in any message", () => {
  const image = { mediaType: "image/png", data: new Uint8Array(1) };
  expect(hasImage({ messages: [{ role: "user", content: [{ type: "image", image }] }] })).toBe(true);
  expect(hasImage({ messages: [{ role: "user", content: [{ type: "text", text: "image" }] }] })).toBe(false);
});
