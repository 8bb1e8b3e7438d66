import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlyJson, runProgram } from "../testing/run-program.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createWorkspace } from "../testing/workspace.ts";

test("names a hit's folder if the index has several", async () => {
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

test("names a citation's folder if the index has several", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const question = "How are backups restored?";
  const alone = await work.rag("ask", question);
  expect(alone.stdout).toMatch(/\[1\] backups\.md:\d+-\d+\n/);
  const other = await temporaryFolder({
    "backups.md": "# Backups\n\nBackups are restored by the harbour master.\n",
  });
  await work.rag("ingest", other.path);
  expect((await work.rag("ask", question)).stdout).toContain(` in ${other.path}\n`);
  const places = [work.docs, other].map(({ path }) =>
    expect.objectContaining({ documentId: "backups.md", sourceId: path }),
  );
  const named = { citations: expect.arrayContaining(places), sources: expect.arrayContaining(places) };
  expect(onlyJson(await work.rag("ask", question, "--json"))).toMatchObject(named);
  const demo = ["--docs", other.path, "--data", work.data.path, "--ask", question, "--once"];
  expect((await runProgram("demo", demo)).stdout).toContain(` in ${other.path}\n`);
  expect(onlyJson(await runProgram("demo", [...demo, "--json"]))).toMatchObject(named);
  await other.dispose();
});

test("exports the document of the folder that is named", async () => {
  const work = await createWorkspace();
  const page = "# Backups\n\nBackups are restored by the harbour master.\n";
  const other = await temporaryFolder({ "backups.md": page });
  for (const { path } of [work.docs, other]) await work.rag("ingest", path);
  expect((await work.rag("export", "backups.md")).stderr).toContain("choose with --folder");
  const exported = await work.rag("export", "backups.md", "--folder", other.path);
  expect(exported).toMatchObject({ status: 0, stdout: page });
  const missing = await work.rag("export", "signing.md", "--folder", other.path);
  expect(missing.stderr).toContain(`no document "signing.md" of ${other.path}`);
  const never = await work.rag("export", "backups.md", "--folder", "/nowhere");
  expect(never.stderr).toContain("/nowhere is not indexed");
  await other.dispose();
});

test("suggests forget when export or verify miss a folder", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  await work.docs.dispose();
  const forget = `binnacle-rag.ts forget ${work.docs.path} --data ${work.data.path}`;
  expect((await work.rag("export", "backups.md")).stderr).toContain(forget);
  expect((await work.rag("verify")).stdout).toContain(forget);
});

test("warns of a folder inside another folder of the index, in either order, but not of a neighbour", async () => {
  const work = await createWorkspace({ "a/page.md": "# A\n\nText.\n", "a/b/page.md": "# B\n\nText.\n" });
  await work.docs.write({ "ab/page.md": "# Beside\n\nText.\n" });
  const [outer, inner] = [`${work.docs.path}/a`, `${work.docs.path}/a/b`];
  const warning = `${inner} lies in ${outer}, and both are in collection "documents": `;
  expect((await work.rag("ingest", outer)).stderr).toBe("");
  expect((await work.rag("ingest", `${work.docs.path}/ab`)).stderr).toBe("");
  expect((await work.rag("ingest", inner)).stderr).toContain(warning);
  expect((await work.rag("ingest", outer)).stderr).toContain(warning);
});

test("prints verify's results in columns", async () => {
  const work = await createWorkspace();
  const other = await temporaryFolder({ "tides.md": "# Tides\n\nHigh water is at noon.\n" });
  await work.rag("ingest", work.docs.path);
  await work.rag("ingest", other.path);
  await other.write({ "new.md": "# New\n\nText.\n" });
  const { stdout } = await work.rag("verify");
  await other.dispose();
  expect(stdout).toContain(`equal      ${work.docs.path}\n`);
  expect(stdout).toContain(`DIFFERENT  ${other.path}\n`);
});

test("counts the differences that verify does not print", async () => {
  const work = await createWorkspace({ "first.md": "# First\n\nText.\n" });
  await work.rag("ingest", work.docs.path);
  await work.docs.write(Object.fromEntries(pages(120)));
  const { status, stdout } = await work.rag("verify");
  expect(status).toBe(1);
  expect(stdout).toContain("  … and 20 more, 120 differences in all\n");
});

test("names a failed document once", async () => {
  const work = await createWorkspace({ "bin.md": new Uint8Array([0, 1, 2]), "ok.md": "# Fine\n\nText.\n" });
  const failed = await work.rag("ingest", work.docs.path);
  expect(failed.status).toBe(2);
  expect(failed.stderr).toMatch(/^ {2}bin\.md: (?!bin\.md)/);
});

test("reports a refused mass deletion once, with folder, numbers, flag and what was done", async () => {
  const work = await createWorkspace(Object.fromEntries(pages(30)));
  const { path } = work.docs;
  await work.rag("ingest", path);
  for (let page = 0; page < 22; page++) await work.docs.remove(`page-${page}.md`);
  await work.docs.write({ "new.md": "# New\n\nText.\n" });
  const gone = `22 of the 30 documents indexed from ${path} are no longer in it. That is too many, so none`;
  const advice = "If it is right, run ingest with --allow-mass-delete; else check the folder";
  const summary = "+1 ~0 -0 documents, 0 embeddings, 0 failures\n";
  expect(await work.rag("ingest", path, "--plan")).toEqual({
    status: 2,
    stdout: summary,
    stderr: `  ${gone} would be removed. ${advice}\n`,
  });
  expect(await work.rag("ingest", path)).toEqual({
    status: 1,
    stdout: summary,
    stderr: `error: ${gone} was removed. ${advice}\n`,
  });
  await work.docs.write({ "newer.md": "# Newer\n\nText.\n" });
  expect(onlyJson(await work.rag("ingest", path, "--json"))).toMatchObject({
    error: { code: "mass_delete_refused", message: expect.stringContaining("--allow-mass-delete") },
    report: {
      documents: { added: 1, removed: 0, unchanged: 9 },
      incomplete: [{ massDelete: { documents: 22, known: 31 } }],
    },
  });
});

function pages(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, page) => [`page-${page}.md`, `# Page ${page}\n\nText ${page}.\n`]);
}

test("indexes a folder once that is ingested by its path and by a link to it (M2)", async () => {
  const work = await createWorkspace();
  const links = await temporaryFolder();
  const link = join(links.path, "link");
  await symlink(work.docs.path, link);
  await work.rag("ingest", work.docs.path);
  const { stdout, stderr } = await work.rag("ingest", link);
  expect(stdout).toContain("+0 ~0 -0 documents");
  expect(stderr).toBe(`${link} is a link to ${work.docs.path}, which is indexed already\n`);
  expect((await work.rag("verify")).stdout).toBe(`equal      ${work.docs.path}\n`);
  await links.dispose();
});
