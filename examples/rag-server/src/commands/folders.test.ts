import { expect, test } from "vitest";
import { onlyJson } from "../testing/run-program.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createWorkspace } from "../testing/workspace.ts";

test("a hit names its folder where there is more than one", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  expect((await work.rag("search", "backups")).stdout).not.toContain(work.docs.path);
  const other = await temporaryFolder({ "backups.md": "# Backups\n\nBackups of another place.\n" });
  await work.rag("ingest", other.path);
  const { stdout } = await work.rag("search", "backups");
  for (const { path } of [work.docs, other]) expect(stdout).toContain(`in ${path}\n`);
  const found = onlyJson(await work.rag("search", "backups", "--json"));
  expect(found).toMatchObject({
    hits: expect.arrayContaining([
      expect.objectContaining({ sourceId: work.docs.path, documentId: "backups.md" }),
      expect.objectContaining({ sourceId: other.path, documentId: "backups.md" }),
    ]),
  });
  await other.dispose();
});

test("a folder that is gone: export and verify say how to forget it", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  await work.docs.dispose();
  const forget = `binnacle-rag forget ${work.docs.path} --data ${work.data.path} --collection documents`;
  expect((await work.rag("export", "backups.md")).stderr).toContain(forget);
  expect((await work.rag("verify")).stdout).toContain(forget);
});

test("verify counts the differences that it does not print", async () => {
  const pages = Array.from({ length: 120 }, (_, page) => [
    `page-${page}.md`,
    `# Page ${page}\n\nText ${page}.\n`,
  ]);
  const work = await createWorkspace({ "first.md": "# First\n\nText.\n" });
  await work.rag("ingest", work.docs.path);
  await work.docs.write(Object.fromEntries(pages));
  const { status, stdout } = await work.rag("verify");
  expect(status).toBe(1);
  expect(stdout).toContain("  … and 20 more, 120 differences in all\n");
});

test("a document that fails is named once", async () => {
  const work = await createWorkspace({ "bin.md": new Uint8Array([0, 1, 2]), "ok.md": "# Fine\n\nText.\n" });
  const failed = await work.rag("ingest", work.docs.path);
  expect(failed.status).toBe(2);
  expect(failed.stderr).toMatch(/^ {2}bin\.md: (?!bin\.md)/);
});

test("a plan that meets a mass deletion names the flag, and does not say that it happened", async () => {
  const pages = Array.from({ length: 20 }, (_, page) => [
    `page-${page}.md`,
    `# Page ${page}\n\nText ${page}.\n`,
  ]);
  const work = await createWorkspace(Object.fromEntries(pages));
  await work.rag("ingest", work.docs.path);
  for (let page = 0; page < 15; page++) await work.docs.remove(`page-${page}.md`);
  const planned = await work.rag("ingest", work.docs.path, "--plan");
  expect(planned.status).toBe(2);
  expect(planned.stderr).toContain("--allow-mass-delete");
  expect(planned.stderr).toContain("nothing of it would be removed");
});
