import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlyJson, runProgram } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

test("reports a folder without readable files, with the skipped files and the reasons", async () => {
  const empty = await createWorkspace({});
  const nothing = await empty.rag("ingest", empty.docs.path, "--json");
  expect(nothing).toMatchObject({ status: 0, stderr: `no readable documents in ${empty.docs.path}\n` });
  expect(onlyJson(nothing)).toMatchObject({ documents: { added: 0, failed: 0 } });

  await empty.docs.write({ "a.pdf": "%PDF", unknown: new Uint8Array([0, 1]), ".hidden": "text" });
  const skipped = await empty.rag("ingest", empty.docs.path);
  expect(skipped.status).toBe(0);
  expect(skipped.stderr).toBe(
    `no readable documents in ${empty.docs.path}\nskipped 3 files: 2 binary (a.pdf, unknown), 1 hidden (.hidden)\n`,
  );
});

test("reports only unexpected files if there are documents", async () => {
  const work = await createWorkspace();
  await work.docs.write({ "scan.pdf": "%PDF", ".hidden": "text", "node_modules/a.md": "text" });
  await symlink(join(work.docs.path, "signing.md"), join(work.docs.path, "link.md"));
  const result = await work.rag("ingest", work.docs.path);
  expect(result.stderr).toBe("skipped 2 files: 1 binary (scan.pdf), 1 symbolic link (link.md)\n");
  expect((await work.rag("ingest", work.docs.path, "--plan")).stderr).toBe(result.stderr);
});

test("names the first of many skipped files of one kind (T4)", async () => {
  const work = await createWorkspace();
  await work.docs.write(Object.fromEntries([1, 2, 3, 4].map((page) => [`scan-${page}.pdf`, "%PDF"])));
  expect((await work.rag("ingest", work.docs.path)).stderr).toBe(
    "skipped 4 files: 4 binary (scan-1.pdf, scan-2.pdf, scan-3.pdf and 1 more)\n",
  );
});

test("indexes a document with unreadable front matter and names its file and line", async () => {
  const work = await createWorkspace();
  await work.docs.write({ "broken.md": '---\ntitle: "Broken\n---\n\nText of the page.\n' });
  const ignored = {
    documentId: "broken.md",
    code: "invalid_front_matter",
    message: expect.stringMatching(/^the front matter is invalid, so it is not used: .*line \d.*[^:]$/),
  };
  const planned = await work.rag("ingest", work.docs.path, "--plan");
  expect(planned.stderr).toMatch(
    /^ {2}broken\.md: the front matter is invalid, so it is not used: .*line \d.*\n$/,
  );
  const result = await work.rag("ingest", work.docs.path, "--json");
  expect(result).toMatchObject({ status: 0, stderr: planned.stderr });
  expect(onlyJson(result)).toMatchObject({ documents: { added: 4 }, failures: [], ignored: [ignored] });
});

test("indexes the user's files but not an index that is in the same folder", async () => {
  const work = await createWorkspace({ "page.md": "# Page\n\nText.\n", "sources/own.json": "{}" });
  for (const name of ["index (new) [1]", "."]) {
    const data = join(work.docs.path, name);
    const ingest = ["ingest", work.docs.path, "--data", data, "--json"];
    await runProgram("binnacle-rag", ingest);
    const again = onlyJson(await runProgram("binnacle-rag", ingest));
    expect(again).toMatchObject({ documents: { added: 0, removed: 0, unchanged: 2 } });
    expect((await runProgram("binnacle-rag", ["verify", "--data", data])).status).toBe(0);
    await work.docs.remove(name === "." ? "index.sqlite" : name);
  }
});
