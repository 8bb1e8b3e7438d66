import { expect, test } from "vitest";
import { parseHtml } from "./parse-html.ts";

test("reads a row with 200,000 cells that reach into the next row", async () => {
  const cells = "<td rowspan=2 colspan=50>".repeat(4_000);
  const { text } = await parseHtml(`<p>before</p><table><tr>${cells}</tr></table><p>after</p>`);
  expect(text).toMatch(/^before[^]*after$/u);
});
