import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TextDigests } from "./text-digests.ts";

const scope = (name: string): Uint8Array => createHash("sha256").update(name).digest();

test("a digest is that of the scope, two zeros and the text as UTF-16, whatever was digested before", () => {
  const digests = new TextDigests();
  const texts = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { minLength: 1 });
  fc.assert(
    fc.property(texts, (all) => {
      for (const text of all) {
        const expected = createHash("sha256").update(scope("s")).update("\0\0").update(text, "utf16le");
        expect(digests.of(scope("s"), text)).toBe(expected.digest("base64url"));
      }
    }),
  );
});

test("how the engine keeps a text does not matter", () => {
  const digests = new TextDigests();
  fc.assert(
    fc.property(fc.string({ minLength: 20, maxLength: 400 }), (text) => {
      const cutFromTwoBytes = `${text}–`.slice(0, -1);
      const joined = text.slice(0, 10) + text.slice(10);
      expect(digests.of(scope("s"), cutFromTwoBytes)).toBe(digests.of(scope("s"), text));
      expect(digests.of(scope("s"), joined)).toBe(digests.of(scope("s"), text));
    }),
  );
});

test("texts of different scopes have different digests, short or long or longer than the scratch memory", () => {
  const digests = new TextDigests();
  const texts = ["", "x", "x".repeat(300), "–".repeat(300), "x".repeat(20_000), "–".repeat(20_000), "y"];
  const all = ["one", "two"].flatMap((name) => texts.map((text) => digests.of(scope(name), text)));
  expect(new Set(all).size).toBe(all.length);
});
