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

  await empty.docs.write({ "a.pptx": "PK", unknown: new Uint8Array([0, 1]), ".hidden": "text" });
  const skipped = await empty.rag("ingest", empty.docs.path);
  expect(skipped.status).toBe(2);
  expect(skipped.stderr).toBe(
    `no readable documents in ${empty.docs.path}\nskipped 3 files: 1 of an unsupported format (a.pptx), 1 binary (unknown), 1 hidden (.hidden)\n`,
  );
  const verified = await empty.rag("verify");
  expect(verified).toMatchObject({ status: 1, stdout: `EMPTY      ${empty.docs.path}\n` });
  expect(verified.stderr).toContain("a.pptx");
});

test("reports only unexpected files if there are documents", async () => {
  const work = await createWorkspace();
  await work.docs.write({ "scan.pptx": "PK", ".hidden": "text", "node_modules/a.md": "text" });
  await symlink(join(work.docs.path, "signing.md"), join(work.docs.path, "link.md"));
  const result = await work.rag("ingest", work.docs.path);
  expect(result.stderr).toBe(
    "skipped 2 files: 1 of an unsupported format (scan.pptx), 1 symbolic link (link.md)\n",
  );
  expect((await work.rag("ingest", work.docs.path, "--plan")).stderr).toBe(result.stderr);
});

test("names the first of many skipped files of one kind (T4)", async () => {
  const work = await createWorkspace();
  const files = Array.from({ length: 12 }, (_, page) => [`scan-${String(page).padStart(2, "0")}.zip`, "PK"]);
  await work.docs.write(Object.fromEntries(files));
  expect((await work.rag("ingest", work.docs.path)).stderr).toMatch(
    /^skipped 12 files: 12 of an unsupported format \(scan-00\.zip, .*scan-02\.zip and 9 more\)\n$/,
  );
});

test("reports a file of an unknown encoding once, and guesses and tells the encoding of a longer one", async () => {
  const work = await createWorkspace();
  const long = "Die Prüfung der Kräne findet im März statt. Bitte räumen Sie die Liegeplätze bis zum Abend.";
  await work.docs.write({
    "short.txt": Buffer.from("Straße 5", "latin1"),
    "long.txt": Buffer.from(long, "latin1"),
  });
  const first = await work.rag("ingest", work.docs.path);
  expect(first.status).toBe(2);
  expect(first.stderr).toMatch(/short\.txt: the file is not valid utf-8/);
  expect(first.stderr).toMatch(/long\.txt: the file is not UTF-8\. It was read as windows-1252/);
  const again = await work.rag("ingest", work.docs.path);
  expect(again).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/short\.txt: .* \(as before\)\n$/),
  });
  const verified = await work.rag("verify");
  expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining("not indexed: short.txt: ") });
});

test("finds one tag of a front matter that writes all tags as one text (M1)", async () => {
  const work = await createWorkspace({
    "gate.md": "---\ntags: ops, deploy\n---\n\nThe gate opens at six.\n",
  });
  await work.rag("ingest", work.docs.path);
  for (const tags of ["ops", "deploy"]) {
    const found = onlyJson(await work.rag("search", "gate", "--filter", JSON.stringify({ tags }), "--json"));
    expect(found).toMatchObject({ hits: [{ documentId: "gate.md" }] });
  }
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
