import type { OutlineNode } from "@binnacle/core";
import { expect, test } from "vitest";
import { inputFingerprint } from "./document-fingerprint.ts";

test("changes with the place of a heading row, and stays the same without one", () => {
  const fingerprint = (header?: OutlineNode["header"]): string => {
    const outline = [{ start: 0, end: 9, path: ["Ports"], kind: "table", keepWhole: true, header }];
    return inputFingerprint({ id: "d", text: "a\nb", mediaType: "text/plain", metadata: {}, outline }, "{}");
  };
  const all = [fingerprint(), fingerprint({ start: 0, end: 1 }), fingerprint({ start: 0, end: 2 })];
  expect(new Set(all).size).toBe(3);
  // As the version before headers made it.
  expect(all[0]).toBe("db96c3069bd908a5ea2ca1e279c7ba7f");
});
