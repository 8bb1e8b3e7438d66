import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.ts";
import { readPage } from "./pages.ts";

// `run-guides.live.test.ts` runs the store through its contract.
test("has at most 200 lines in the guide's complete store", () => {
  const store = codeBlocks(readPage("docs/guides/writing-a-driver.md")).find(({ code }) =>
    code.includes("function createSmallStore"),
  );
  const lines = store?.code.split("\n").length ?? NaN;
  expect(lines).toBeGreaterThan(100);
  expect(lines).toBeLessThanOrEqual(200);
});
