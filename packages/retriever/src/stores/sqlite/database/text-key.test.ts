import fc from "fast-check";
import { expect, test } from "vitest";
import { fromTextKey, toTextKey } from "./text-key.ts";

const anyString = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\ud800", "\udc00", '"', "\\", "a", "\0") }),
);

test("keeps every string through UTF-8, and keeps different strings different", () => {
  fc.assert(
    fc.property(anyString, anyString, (a, b) => {
      const stored = [a, b].map((value) =>
        new TextDecoder().decode(new TextEncoder().encode(toTextKey(value))),
      );
      expect(stored.map(fromTextKey)).toEqual([a, b]);
    }),
  );
});
