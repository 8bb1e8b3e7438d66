import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { handbook } from "./testing/handbook.ts";
import { onlyJson, runProgram, type ProgramResult } from "./testing/run-program.ts";
import { temporaryFolder, type TemporaryFolder } from "./testing/temporary-folder.ts";

const hit = { documentId: z.string(), start: z.int(), end: z.int(), text: z.string(), trace: z.unknown() };
const searchReply = z.object({ hits: z.array(z.object(hit)) });

let docs: TemporaryFolder;
let data: TemporaryFolder;

beforeEach(async () => {
  docs = await temporaryFolder(handbook);
  data = await temporaryFolder();
});

afterEach(async () => {
  await docs.dispose();
  await data.dispose();
});

function rag(...args: readonly string[]): Promise<ProgramResult> {
  return runProgram("binnacle-rag", [...args, "--data", data.path]);
}

test("reports the changes of an ingest, and none the second time (T4, T48)", async () => {
  const first = await rag("ingest", docs.path, "--json");
  expect(first.status).toBe(0);
  expect(onlyJson(first)).toMatchObject({ documents: { added: 3, failed: 0 }, failures: [] });

  const second = onlyJson(await rag("ingest", docs.path, "--json"));
  expect(second).toMatchObject({
    documents: { added: 0, unchanged: 3 },
    embeddings: 0,
    pointsWritten: 0,
    pointsDeleted: 0,
  });
});

test("reports with --plan what an ingest would do, and does nothing (T49)", async () => {
  const planned = onlyJson(await rag("ingest", docs.path, "--plan", "--json"));
  expect(planned).toMatchObject({ documents: { added: 3 } });
  expect(onlyJson(await rag("ingest", docs.path, "--json"))).toMatchObject({ documents: { added: 3 } });
});

test("finds passages whose offsets fit the file (T33)", async () => {
  await rag("ingest", docs.path);
  const found = await rag("search", "rotate the signing key", "--json", "--explain");
  const { hits } = searchReply.parse(onlyJson(found));
  expect(hits[0]?.documentId).toBe("signing.md");
  expect(handbook["signing.md"]?.slice(hits[0]?.start, hits[0]?.end)).toBe(hits[0]?.text);
  expect(hits[0]?.trace).toMatchObject([{ legs: { lexical: { rank: 1, score: expect.any(Number) } } }]);
  const shown = await rag("search", "rotate the signing key", "--explain");
  expect(shown.stdout).toMatch(/^ {3}lexical #1 +\d+\.\d{3}$/m);
});

test("counts chunks for --limit and does not join neighbours", async () => {
  const page = Array.from(
    { length: 60 },
    (_, day) => `On day ${day} the harbour opened late because of fog.`,
  );
  await docs.write({ "harbour.txt": page.join("\n\n") });
  await rag("ingest", docs.path);
  for (const limit of [1, 2, 3]) {
    const found = await rag("search", "harbour fog", "--limit", String(limit), "--json", "--explain");
    const { hits } = searchReply.parse(onlyJson(found));
    expect(hits).toHaveLength(limit);
    for (const { start, end, text } of hits) expect(page.join("\n\n").slice(start, end)).toBe(text);
  }
});

test("answers with citations, and refuses what the documents do not answer (T28, T46)", async () => {
  await rag("ingest", docs.path);
  const known = onlyJson(await rag("ask", "How do I rotate the signing key?", "--json"));
  // Both sentences of the section whose heading is the question.
  const cited = [1, 2].map((number) => ({ number, documentId: "signing.md" }));
  expect(known).toMatchObject({ mode: "extractive", citations: cited });

  const unknown = onlyJson(await rag("ask", "What is the boiling point of xenon?", "--json"));
  expect(unknown).toMatchObject({ mode: "none", citations: [] });
});

test("exports the indexed text, and refuses after the source has changed", async () => {
  await rag("ingest", docs.path);
  const exported = await rag("export", "backups.md");
  expect(exported).toMatchObject({ status: 0, stdout: handbook["backups.md"] });

  await docs.write({ "backups.md": "# Backups\n\nThere are none.\n" });
  const refused = await rag("export", "backups.md");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("changed since it was indexed");
});

test("ends without a stack trace when the reader closes the pipe", async () => {
  await rag("ingest", docs.path);
  const program = fileURLToPath(new URL("bin/binnacle-rag.ts", import.meta.url));
  const args = ["--conditions=@binnacle/source", program, "search", "key", "--data", data.path];
  const child = spawn(process.execPath, args);
  child.stdout.destroy();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const [status] = await once(child, "close");
  expect({ status, complaint }).toEqual({ status: 0, complaint: "" });
});

test("refuses to export a document that two folders have", async () => {
  const other = await temporaryFolder({ "backups.md": "# Other\n\nAnother page of that name.\n" });
  await rag("ingest", docs.path);
  await rag("ingest", other.path);
  const refused = await rag("export", "backups.md");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain(other.path);
  await other.dispose();
});

test("verifies that the index equals its folder, and reports differences (T49)", async () => {
  await rag("ingest", docs.path);
  expect((await rag("verify")).status).toBe(0);
  await docs.write({ "new.md": "# New\n\nNot indexed yet.\n" });
  const different = await rag("verify", "--json");
  expect(different.status).toBe(1);
  expect(onlyJson(different)).toMatchObject({ ok: false });
});

test("verifies every folder, also when one is gone, and reports chunks of an unrecorded folder", async () => {
  const other = await temporaryFolder({ "tides.md": "# Tides\n\nHigh water is at noon.\n" });
  await rag("ingest", docs.path);
  await rag("ingest", other.path);
  await other.dispose();
  const gone = await rag("verify", "--json");
  expect(gone.status).toBe(1);
  expect(onlyJson(gone)).toMatchObject({
    ok: false,
    sources: expect.arrayContaining([
      expect.objectContaining({ path: docs.path, ok: true }),
      expect.objectContaining({ path: other.path, ok: false }),
    ]),
  });
  await data.remove("sources");
  expect(onlyJson(await rag("verify", "--json"))).toMatchObject({ ok: false, unrecordedChunks: 5 });
});

test("forgets one folder, also one that is gone, and nothing else (T49)", async () => {
  const other = await temporaryFolder({ "tides.md": "# Tides\n\nHigh water is at noon.\n" });
  await rag("ingest", docs.path);
  await rag("ingest", other.path);
  await other.dispose();
  expect(onlyJson(await rag("forget", other.path, "--json"))).toMatchObject({
    summary: expect.stringContaining("-1 documents"),
    documents: { removed: 1 },
  });
  expect(onlyJson(await rag("verify", "--json"))).toMatchObject({
    ok: true,
    sources: [{ path: docs.path }],
    unrecordedChunks: 0,
  });
  const again = await rag("forget", other.path);
  expect(again).toMatchObject({ status: 1, stdout: "" });
  expect(again.stderr).toContain(docs.path);
});

test("records no folder for an ingest that never began", async () => {
  await rag("ingest", docs.path);
  expect((await rag("ingest", `${docs.path}/nowhere`)).status).toBe(1);
  expect((await rag("verify")).status).toBe(0);
});

test("records all folders that are ingested at the same time", async () => {
  const folders = await Promise.all(
    ["one", "two", "three"].map((name) => temporaryFolder({ [`${name}.md`]: `# ${name}\n\nText.\n` })),
  );
  const results = await Promise.all(folders.map(({ path }) => rag("ingest", path)));
  expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
  expect(onlyJson(await rag("verify", "--json"))).toMatchObject({ ok: true, unrecordedChunks: 0 });
  await Promise.all(folders.map((folder) => folder.dispose()));
});

test("creates no data directory for commands that only read, including a plan", async () => {
  const missing = `${data.path}/not-there`;
  const reading = [["search", "x"], ["verify"], ["health"], ["ingest", docs.path, "--plan"]];
  await Promise.all(reading.map((args) => runProgram("binnacle-rag", [...args, "--data", missing])));
  await expect(stat(missing)).rejects.toMatchObject({ code: "ENOENT" });
});

test("indexes the other documents and exits with status 2 if one cannot be read", async () => {
  await docs.write({ "broken.md": Buffer.from([0x23, 0x20, 0xff, 0xfe, 0xfd, 0x0a]) });
  const result = await rag("ingest", docs.path, "--json");
  expect(result.status).toBe(2);
  expect(onlyJson(result)).toMatchObject({
    documents: { added: 3, failed: 1 },
    failures: [{ documentId: "broken.md" }],
  });
});

test("refuses to remove most of a folder until it is allowed", async () => {
  const many = await temporaryFolder(
    Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`page-${i}.md`, `# Page ${i}\n\nText number ${i}.\n`]),
    ),
  );
  await rag("ingest", many.path);
  for (let i = 0; i < 15; i++) await many.remove(`page-${i}.md`);
  const refused = await rag("ingest", many.path);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("--allow-mass-delete");
  expect(onlyJson(await rag("ingest", many.path, "--allow-mass-delete", "--json"))).toMatchObject({
    documents: { removed: 15 },
  });
  await many.dispose();
});

test.each([
  ["an unknown flag", ["ingest", ".", "--wat"], "--wat"],
  ["an unknown command", ["wat"], "wat"],
  ["a limit that is no number", ["search", "x", "--limit", "many"], "whole number"],
  ["a filter that is no JSON", ["search", "x", "--filter", "{"], "not JSON"],
  ["a folder that does not exist", ["ingest", "/nowhere/at/all"], "/nowhere/at/all"],
  ["a search before any ingest", ["search", "x"], "ingest"],
])("refuses %s with status 1 and a message that names it", async (_name, args, named) => {
  const result = await rag(...args);
  expect(result.status).toBe(1);
  expect(result.stdout).toBe("");
  expect(result.stderr).toContain(named);
});

test("prints a failure as one JSON object with --json", async () => {
  const result = await rag("search", "x", "--json");
  expect(result.status).toBe(1);
  expect(onlyJson(result)).toMatchObject({ error: { code: "invalid_configuration" } });
});

test("refuses an unusable data directory, also for commands that only read", async () => {
  await docs.write({ file: "" });
  for (const command of [["ingest", docs.path], ["search", "x"], ["verify"]]) {
    const below = await runProgram("binnacle-rag", [...command, "--data", `${docs.path}/file/data`]);
    expect(below.status).toBe(1);
    expect(below.stderr).toContain("ENOTDIR");
    const file = await runProgram("binnacle-rag", [...command, "--data", `${docs.path}/file`]);
    expect(file.stderr).toMatch(/^error: --data .*\/file: .* directory/);
  }
});
