import fc from "fast-check";
import { expect, test } from "vitest";
import { byCodePoint } from "./by-code-point.ts";

test("orders well-formed strings like their UTF-8 bytes", () => {
  const text = fc.string({
    unit: fc.constantFrom("", "a", "é", "\ud7ff", "\ue000", "\uff5e", "\u{10000}", "😀"),
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
