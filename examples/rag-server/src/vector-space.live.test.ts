import { expect, test } from "vitest";
import { fakeEmbeddingServer } from "./testing/fake-embedding-server.ts";
import { runProgram } from "./testing/run-program.ts";
import { createWorkspace } from "./testing/workspace.ts";

test("refuses in each command but forget an embedder that the index was made without, and names the ways out", async () => {
  const work = await createWorkspace();
  const environment = await fakeEmbeddingServer();
  await work.rag("ingest", work.docs.path);
  const folder = work.docs.path;
  const reading = [["search", "key"], ["ask", "key"], ["serve", "--port", "0"], ["verify"], ["health"]];
  const commands = [...reading, ["ingest", folder]];
  const refusals = await Promise.all(commands.map((args) => work.ragWith(environment, ...args)));
  for (const [index, { status, stdout, stderr }] of refusals.entries()) {
    const told = `${stdout}${stderr}`;
    expect(status, commands[index]?.join(" ")).toBe(1);
    expect(told).toContain("was made without an embedder, but BINNACLE_EMBED_URL is set");
    expect(told).toContain(`--data ${work.data.path} --collection NAME`);
  }
  // A removal needs no vectors.
  expect(await work.ragWith(environment, "forget", folder)).toMatchObject({ status: 0 });
  expect((await work.rag("ingest", folder)).stdout).toMatch(/^\+3 /);
});

test("works in each of those ways: lexical search, no embedder, another collection", async () => {
  const work = await createWorkspace();
  const environment = await fakeEmbeddingServer();
  await work.rag("ingest", work.docs.path);
  const lexical = await work.ragWith(environment, "search", "key", "--mode", "lexical");
  expect(lexical).toMatchObject({ status: 0, stderr: "" });
  expect((await work.rag("ask", "When are backups taken?")).stdout).toContain("02:30");
  const beside = ["--collection", "vectors"];
  expect((await work.ragWith(environment, "ingest", work.docs.path, ...beside)).status).toBe(0);
  expect((await work.ragWith(environment, "search", "key", ...beside)).status).toBe(0);
});

test("reads an index with vectors lexically without an embedder, and refuses to write", async () => {
  const work = await createWorkspace();
  const environment = await fakeEmbeddingServer();
  await work.ragWith(environment, "ingest", work.docs.path);
  const note = /holds vectors of ".*", but BINNACLE_EMBED_URL is not set, so the search is lexical\n$/;
  for (const args of [
    ["search", "key"],
    ["ask", "When are backups taken?"],
  ]) {
    const read = await work.rag(...args);
    expect(read.status).toBe(0);
    expect(read.stderr).toMatch(note);
  }
  for (const args of [["ingest", work.docs.path], ["verify"]]) {
    const refused = await work.rag(...args);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("BINNACLE_EMBED_URL is not set; set it to a server with that model");
  }
  const dense = await work.rag("search", "key", "--mode", "dense");
  expect(dense).toMatchObject({ status: 1, stdout: "" });
  expect(dense.stderr).toContain("--mode dense needs an embedder; set BINNACLE_EMBED_URL");
});

test("reports another language than the index's by its variable", async () => {
  const work = await createWorkspace();
  const german = { BINNACLE_LANGUAGE: "german" };
  await work.ragWith(german, "ingest", work.docs.path);
  expect((await work.ragWith(german, "ask", "When are backups taken?")).status).toBe(0);
  for (const args of [["search", "key"], ["ask", "key"], ["ingest", work.docs.path], ["verify"]]) {
    const { status, stderr } = await work.rag(...args);
    expect(status, args[0]).toBe(1);
    expect(stderr).toMatch(/bm25-2\/german.* BINNACLE_LANGUAGE asks for "bm25-2\/english.* set it back/);
    expect(stderr).toContain(`--data ${work.data.path} --collection NAME`);
  }
});

test("reports another model than the index's by name", async () => {
  const work = await createWorkspace();
  await work.ragWith(await fakeEmbeddingServer("first"), "ingest", work.docs.path);
  const other = await fakeEmbeddingServer("second");
  for (const args of [["search", "key"], ["ingest", work.docs.path], ["verify"]]) {
    const refused = await work.ragWith(other, ...args);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /holds vectors of ".*first.*BINNACLE_EMBED_URL makes vectors of ".*second/,
    );
  }
  const demo = ["--docs", work.docs.path, "--data", work.data.path, "--once"];
  expect((await runProgram("demo", demo, other)).stderr).toContain("--collection NAME");
});
