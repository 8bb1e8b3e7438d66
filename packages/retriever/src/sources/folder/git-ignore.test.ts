import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTemporaryFolder, type TemporaryFolder } from "./fixtures/temporary-folder.ts";
import { createGitIgnore } from "./git-ignore.ts";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

test("does not read the name of a re-included folder as a pattern", () => {
  for (const name of ["[a]", "a*", "a?", String.raw`a\b`, "a b ", "#a", "!a", "a\nb", "ä{1,2}"]) {
    const outer = createGitIgnore().inside("", "docs/*/\n*.log\n");
    const inner = outer.inside("docs", "!*/\n").inside(`docs/${name}`, undefined);
    expect([name, inner.ignores(`docs/${name}/x.md`, false)]).toEqual([name, false]);
    expect([name, inner.ignores(`docs/${name}/x.log`, false)]).toEqual([name, true]);
  }
});

test("applies a rule for folders to a followed link to a folder", async () => {
  await folder.put("a/x.md");
  await folder.put("a/.gitignore", "alias/\n");
  await folder.put(".b/y.md");
  await symlink(join(folder.root, ".b"), join(folder.root, "a/alias"));
  const { ids, events } = await folder.listing({ followSymlinks: true });
  expect(ids).toEqual(["a/x.md"]);
  expect(events).toContainEqual({ type: "skipped", path: "a/alias", reason: "gitignored" });
});
