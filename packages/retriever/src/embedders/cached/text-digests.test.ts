import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TextDigests } from "./text-digests.ts";

const digest = (text: string, scope = "s"): string =>
  new TextDigests().of(createHash("sha256").update(scope).digest())(text);
/** Beyond the length from which Latin-1 is looked for. */
const long = fc.integer({ min: 120, max: 400 }).map((length) => "a".repeat(length));

test("one unit beyond Latin-1, wherever it stands, is not taken for its low byte", () => {
  const unit = fc.integer({ min: 0x100, max: 0xffff }).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(long, fc.nat(), unit, (text, place, other) => {
      const at = place % text.length;
      const low = String.fromCharCode(other.charCodeAt(0) & 0xff);
      const withUnit = (piece: string): string => text.slice(0, at) + piece + text.slice(at + 1);
      expect(digest(withUnit(other))).not.toBe(digest(withUnit(low)));
    }),
  );
});

test("a text that reads like another's UTF-16, byte for byte, has its own digest", () => {
  fc.assert(
    fc.property(long, (text) => {
      const bytes = Buffer.from(text, "utf16le").toString("latin1");
      expect(digest(bytes)).not.toBe(digest(text));
      expect(digest(Buffer.from(`${text}–`, "utf16le").toString("latin1"))).not.toBe(digest(`${text}–`));
    }),
  );
});

test("how the engine keeps a text does not matter", () => {
  fc.assert(
    fc.property(long, (text) => {
      const cutFromTwoBytes = `${text}–`.slice(0, -1);
      const joined = text.slice(0, 60) + text.slice(60);
      expect(digest(cutFromTwoBytes)).toBe(digest(text));
      expect(digest(joined)).toBe(digest(text));
    }),
  );
});

test("texts of different scopes have different digests, short or long or longer than the scratch memory", () => {
  const texts = ["", "x", "x".repeat(300), "–".repeat(300), "x".repeat(20_000), "–".repeat(20_000)];
  const all = ["one", "two"].flatMap((scope) => texts.map((text) => digest(text, scope)));
  expect(new Set(all).size).toBe(all.length);
});
