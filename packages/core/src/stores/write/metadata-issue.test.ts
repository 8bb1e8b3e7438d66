import type { Metadata } from "../../spec/metadata.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { copyMetadata } from "./copy-json.ts";
import { metadataIssue } from "./metadata-issue.ts";

test.each([
  ["undefined within", { a: { b: undefined } }, "metadata.a.b"],
  ["a Date", { a: new Date() }, "metadata.a"],
  ["a bigint", { a: 5n }, "metadata.a"],
  ["a function in a list", { a: [1, () => 1] }, "metadata.a.1"],
  ["a Map", { a: new Map() }, "metadata.a"],
  ["a typed array", { a: new Float32Array(2) }, "metadata.a"],
  ["a hole in a list", { a: Array(1) }, "metadata.a.0"],
  ["a list as a whole", [], "metadata"],
  ["null as a whole", null, "metadata"],
  ["depth without end", JSON.parse(`{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`), /^metadata\.a(\.0)+$/],
])("refuses %s and names its path", (_, metadata: unknown, path) => {
  const issue = metadataIssue(metadata, {});
  expect(issue?.code).toBe("invalid_metadata");
  expect(issue?.issues).toHaveLength(1);
  expect(issue?.issues[0]?.path).toMatch(path);
});

test("accepts every JSON object, and copies it without sharing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (value) => {
      const metadata: Metadata = JSON.parse(JSON.stringify(value));
      expect(metadataIssue(metadata, {})).toBeUndefined();
      const copy = copyMetadata(metadata);
      expect(JSON.stringify(copy)).toBe(JSON.stringify(metadata));
      for (const [key, member] of Object.entries(copy))
        if (typeof member === "object" && member !== null) expect(member).not.toBe(metadata[key]);
    }),
  );
});
