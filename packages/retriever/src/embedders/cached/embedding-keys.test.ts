import type { ContentPart, EmbedInput } from "@binnacle/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { embeddingKeys, type EmbeddingKeyScope } from "./embedding-keys.ts";

const scope = { tenant: undefined, spaceId: "model@1", role: "document" } as const;
const keyIn =
  (of: EmbeddingKeyScope) =>
  (input: EmbedInput): string =>
    embeddingKeys([input], of)[0] ?? "";
const image = { mediaType: "image/png", data: Uint8Array.of(1, 2) };
const shown = (over: Partial<typeof image> = {}): ContentPart => ({
  type: "image",
  image: { ...image, ...over },
});
const said = (text: string): ContentPart => ({ type: "text", text });
const parts = (...content: readonly ContentPart[]): EmbedInput => ({ content });

describe("distinct keys", () => {
  test("makes different keys for different inputs, spaces, roles and tenants (T34)", () => {
    const key = keyIn(scope);
    const inputs: readonly EmbedInput[] = [
    "a", "A", " a", "a ", "a\n", "", "\uD800", "\uDFFF", "\uFFFD", "😀", "é", "e\u0301", '"\\ud800"', 
    parts(), parts(shown()), parts(said(""), shown()), parts(said("a"), shown()), parts(shown(), said("a")),
    parts(shown({ mediaType: "image/jpeg" })), parts(shown({ data: Uint8Array.of(1, 3) })),
    parts(shown({ data: Uint8Array.of() })), parts(shown(), shown()), parts(said("a"), said("b")),
  ]; // prettier-ignore
    const others = [
      keyIn({ ...scope, role: "query" })("a"),
      keyIn({ ...scope, spaceId: "model@2" })("a"),
      keyIn({ ...scope, tenant: "acme" })("a"),
      keyIn({ ...scope, tenant: "null" })("a"),
    ];
    expect(new Set([...inputs.map(key), ...others]).size).toBe(inputs.length + others.length);
  });

  test("never makes the same key for two different texts", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(keyIn(scope)(a) === keyIn(scope)(b)).toBe(a === b);
      }),
    );
  });

  test("makes the same key for a text and for a single part with that text", () => {
    const key = keyIn(scope);
    expect(key(parts(said("a")))).toBe(key("a"));
  });
});

describe("stable keys", () => {
  test("reveals nothing about the text, the space or the tenant", () => {
    const key = keyIn({ ...scope, tenant: "acme" })("secret");
    expect(key).toMatch(/^[\w-]{43}$/);
  });

  test("stays the same from release to release, so that a cache can outlive a release", () => {
    const texts = ["a", "é".repeat(200), "–".repeat(200)];
    expect(texts.map(keyIn(scope))).toEqual([
      "Ka1P9zK9iR1Mv3YCr6I8_wuXvYWvtrERd1lonfQptDU",
      "JjzgnERytC1ezS1RC1r1ONM5BXRRx0YnOPcA2MhvsRw",
      "JdcBHfZACPuknByCGzGlT0Ty4s1NTTKFOyi0B9pfa0w",
    ]);
  });

  test("does not depend on other inputs, or on the length of a text or space id", () => {
    const texts = ["a", "", "long ".repeat(20_000), "b", "é–😀".repeat(3_000), "a", "\uD800"];
    expect(embeddingKeys(texts, scope)).toEqual(texts.map(keyIn(scope)));
    const wide = { ...scope, spaceId: "s".repeat(40_000) };
    expect(embeddingKeys(texts, wide)).toEqual(texts.map(keyIn(wide)));
    expect(new Set([...embeddingKeys(texts, scope), ...embeddingKeys(texts, wide)]).size).toBe(
      2 * new Set(texts).size,
    );
  });
});
