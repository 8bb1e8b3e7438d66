import { expect, test } from "vitest";
import { createWorkspace } from "./testing/workspace.ts";

test("reports a missing folder and a large file in the program's own words", async () => {
  const work = await createWorkspace();
  const missing = `${work.docs.path}/missing`;
  expect((await work.rag("ingest", missing)).stderr).toBe(
    `error: there is no folder or file at ${missing}\n`,
  );
  await work.docs.write({ "large.txt": new Uint8Array(16 * 1024 * 1024 + 1).fill(97) });
  const told =
    "large.txt: the file has 16777217 bytes, but the limit is 16777216. Split the file, or exclude it with a .gitignore.\n";
  expect((await work.rag("ingest", work.docs.path)).stderr).toBe(`  ${told}`);
  expect((await work.rag("verify")).stdout).toContain(told);
  await work.docs.write({ ".gitignore": "large.txt\n" });
  expect((await work.rag("ingest", work.docs.path)).status).toBe(0);
  await work.docs.dispose();
  expect((await work.rag("verify")).stdout).not.toMatch(/FolderSource|createAnswerer|max[A-Z]/);
});
