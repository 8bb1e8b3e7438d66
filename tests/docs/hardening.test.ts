import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage, repository } from "./pages.ts";

test("names an existing test for each protection of the hardening checklist (Q62)", () => {
  const [, section = ""] = readPage("docs/guides/deploying.md").split("## Before you open it to others");
  const files = [...section.matchAll(/`((?:src|tests)\/[^`]+\.test\.ts)` +\|/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(8);
  for (const file of files) {
    const path = file.startsWith("src/") ? join("examples/rag-server", file) : file;
    expect([file, existsSync(join(repository, path))]).toEqual([file, true]);
  }
  expect(section.match(/^- \[ \] /gm)?.length).toBeGreaterThan(8);
});
