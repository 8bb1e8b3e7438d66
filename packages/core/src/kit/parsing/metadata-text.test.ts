import { expect, test } from "vitest";
import { metadataText } from "./metadata-text.ts";

test.each([
  ["a text", "oslo", "oslo"],
  ["a number", 5, ""],
  ["a list", ["oslo"], ""],
  ["nothing", null, ""],
])("reads a field that holds %s", (_, place, expected) => {
  expect(metadataText({ place }, "place")).toBe(expected);
});

test("reads a missing field as an empty text", () => {
  expect(metadataText({}, "place")).toBe("");
});
