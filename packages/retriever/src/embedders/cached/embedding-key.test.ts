import type { EmbedInput } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { embeddingKeys } from "./embedding-key.ts";

const scope = { tenant: undefined, spaceId: "model@1", role: "document" } as const;
const image = { mediaType: "image/png", data: Uint8Array.of(1, 2) };

test("T34: inputs, spaces, roles and tenants that differ have different keys", () => {
  const key = embeddingKeys(scope);
  const inputs: readonly EmbedInput[] = [
    "a", "A", " a", "a ", "a\n", "", "\uD800", "\uDFFF", "\uFFFD", "😀", "é", "e\u0301", '"\\ud800"', 
    {}, { image }, { text: "", image }, { text: "a", image }, 
    { image: { ...image, mediaType: "image/jpeg" } }, { image: { ...image, data: Uint8Array.of(1, 3) } },
    { image: { ...image, data: Uint8Array.of() } },
  ]; // prettier-ignore
  const others = [
    embeddingKeys({ ...scope, role: "query" })("a"),
    embeddingKeys({ ...scope, spaceId: "model@2" })("a"),
    embeddingKeys({ ...scope, tenant: "acme" })("a"),
    embeddingKeys({ ...scope, tenant: "null" })("a"),
  ];
  expect(new Set([...inputs.map(key), ...others]).size).toBe(inputs.length + others.length);
});

test("two different texts never have one key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(embeddingKeys(scope)(a) === embeddingKeys(scope)(b)).toBe(a === b);
    }),
  );
});

test("a text alone and an object that holds only it are one input", () => {
  const key = embeddingKeys(scope);
  expect(key({ text: "a" })).toBe(key("a"));
  expect(key({ text: "a", image: undefined })).toBe(key("a"));
});

test("a key shows nothing of the text, the space or the tenant", () => {
  const key = embeddingKeys({ ...scope, tenant: "acme" })("secret");
  expect(key).toMatch(/^embedding:1:[\w-]{43}$/);
});

test("keys stay the same from release to release, or a cache that outlives one is lost", () => {
  expect(embeddingKeys(scope)("a")).toBe("embedding:1:PCfDxJBHGPSXZPdrrF78OmcMVE_9MqVCTkMpRYcojJk");
});
