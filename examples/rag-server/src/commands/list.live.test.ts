import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlyJson } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

test("lists the folders, their documents, and what was skipped and why (T4)", async () => {
  const work = await createWorkspace();
  await work.docs.write({ "a.bin": new Uint8Array([0, 1]), ".hidden": "text", "old/draft.md": "# Draft" });
  await work.rag("ingest", work.docs.path, "--exclude", "old");
  await work.docs.write({ "new.md": "# New\n\nNot indexed yet.\n" });
  const { stdout, status } = await work.rag("list");
  expect(status).toBe(0);
  expect(stdout).toContain(`${work.docs.path}  (3 documents, 4 chunks)\n`);
  expect(stdout).toMatch(/^ {2}backups\.md +1 chunk +Backups$/m);
  expect(stdout).toContain("  not indexed: new.md");
  expect(stdout).toContain("  skipped: .hidden (hidden)\n");
  expect(stdout).toContain("  skipped: old (excluded)\n");
  expect(stdout).toMatch(/^ {2}skipped: a\.bin \(/m);
  expect(onlyJson(await work.rag("list", work.docs.path, "--json"))).toMatchObject({
    sources: [
      {
        path: work.docs.path,
        documents: [{ documentId: "backups.md", chunks: 1 }, {}, {}],
        notIndexed: ["new.md"],
      },
    ],
  });
  expect((await work.rag("list", "/nowhere")).stderr).toContain("/nowhere is not indexed");
});

test("shows in the status if a folder has changed, without a model server (T4)", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path, "--include", "*.md");
  const shown = await work.rag("status");
  expect(shown.stdout).toContain(`${work.docs.path}  --include *.md\n`);
  expect(shown.stdout).toMatch(/3 documents, 4 chunks, indexed just now; up to date/);
  await work.docs.write({ "new.md": "# New\n" });
  await work.docs.remove("backups.md");
  expect((await work.rag("status")).stdout).toContain("changed since: +1 ~0 -1 documents");
  expect(onlyJson(await work.rag("status", "--json"))).toMatchObject({
    sources: [{ path: work.docs.path, changes: { added: 1, changed: 0, removed: 1 } }],
  });
});

test("indexes a folder once, also if it is named by a symbolic link", async () => {
  const work = await createWorkspace();
  const link = join(work.data.path, "link");
  await symlink(work.docs.path, link);
  await work.rag("ingest", work.docs.path);
  expect(onlyJson(await work.rag("ingest", link, "--json"))).toMatchObject({
    documents: { added: 0, unchanged: 3 },
  });
  expect(onlyJson(await work.rag("forget", link, "--json"))).toMatchObject({ documents: { removed: 3 } });
});
