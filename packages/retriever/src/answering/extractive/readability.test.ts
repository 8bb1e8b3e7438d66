import { expect, test } from "vitest";
import { readability } from "./readability.ts";

test.each([
  "Rotate the signing key with `keyctl rotate`.",
  "It works.",
  "- The log is kept (see [Decision 1](decisions/0001.md)) until the next checkpoint.",
  "データは書き込まれます。",
])("rates %j as a sentence", (text) => {
  expect(readability(text)).toBe(1);
});

test.each([
  "# Rotating keys",
  "| key | what it does |",
  "const cache = new MemoryCache({ maxBytes: 256 * 1024 });",
  "await cache.close();\n```",
  "Figure 3",
  "word ".repeat(300),
])("rates %j below a sentence", (text) => {
  expect(readability(text)).toBeLessThan(0.6);
});
