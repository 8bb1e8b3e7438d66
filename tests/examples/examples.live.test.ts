import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startExample, type RunningExample } from "./run-example.ts";

const longestMs = { timeout: 30_000 };

test("indexes rows of a database and filters them by typed columns", async () => {
  const output = await startExample("database-rows.ts").ended;
  expect(output.split("\n")).toEqual([
    "+3 ~0 -0 documents, 0 embeddings, 0 failures",
    "+0 ~1 -1 documents, 0 embeddings, 0 failures",
    "2: Refunds above 500 euros need a second signature.",
    "",
  ]);
});

test("keeps tenants apart", async () => {
  const output = await startExample("tenants.ts").ended;
  expect(output.split("\n")).toEqual([
    "hotel-anna: Check-out is at 10:00. [1]",
    "hotel-bela: Check-out is at 12:00. [1]",
    "without a tenant: tenant_required",
    "",
  ]);
});

test("searches with a custom embedder", async () => {
  const output = await startExample("custom-embedder.ts").ended;
  expect(output.split("\n")).toEqual([
    "+2 ~0 -0 documents, 2 embeddings, 0 failures",
    "Rotate the signing key every 90 days.",
    "",
  ]);
});

test("follows a folder until it is interrupted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "binnacle-example-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "a.md"), "# Keys\n\nRotate them.\n");
  const file = join(folder, ".index.sqlite");
  const example = startExample("watched-folder.ts", { args: [folder, file] });
  await expect.poll(example.output, longestMs).toContain("\n1 points written, 0 deleted");
  await writeFile(join(folder, "b.md"), "# Backups\n\nTake them.\n");
  await expect.poll(example.output, longestMs).toContain("\n2 points written, 0 deleted");
  example.child.kill("SIGINT");
  expect(await example.ended).toContain("+2 ~0 -0 documents");
});

test("streams an answer over HTTP and refuses a request without a question", async () => {
  const example = startExample("streaming-endpoint.ts", { environment: { PORT: "0" } });
  const url = await addressOf(example);
  expect((await fetch(url)).status).toBe(400);
  const response = await fetch(`${url}/ask?q=When+are+backups+taken%3F`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = await response.text();
  expect(events).toContain('event: text\ndata: "Backups "\n\n');
  expect(events).toMatch(/event: done\ndata: \[\{"number":1,.*"documentId":"backups"/);
  example.child.kill("SIGINT");
  await example.ended;
});

async function addressOf(example: RunningExample): Promise<string> {
  await expect.poll(example.output, longestMs).toContain("Listening on http");
  return /http:\S+/.exec(example.output())?.[0] ?? "";
}
