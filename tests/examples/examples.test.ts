import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { examplesFolder } from "./run-example.ts";

const names = globSync("*.ts", { cwd: examplesFolder }).sort();

test("holds five examples, and the page of examples lists each", () => {
  expect(names).toHaveLength(5);
  const page = readFileSync(join(examplesFolder, "README.md"), "utf8");
  for (const name of names) expect(page).toContain(`](${name})`);
});

test.each(names)("keeps %s within 60 lines", (name) => {
  const lines = readFileSync(join(examplesFolder, name), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(60);
});
