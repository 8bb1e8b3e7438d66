import { join } from "node:path";
import { createBm25Encoder, createChunker, createIndexer, defineIndex } from "@binnacle/retriever";
import { FolderSource } from "@binnacle/retriever/folder";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { expect, test } from "vitest";
import { z } from "zod";
import { onlyJson } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

const searchReply = z.object({ hits: z.array(z.object({ documentId: z.string() })) });

test("returns only documents whose front matter matches the filter", async () => {
  const { docs, rag } = await createWorkspace();
  const handover = "The night shift hands over at six.\n";
  await docs.write({
    "en.md": `---\nlanguage: en\ntags: [shift, 2024]\ndate: 2024-03-01\n---\n${handover}`,
    "de.md": `---\nlanguage: de\ntags: schicht\ndate: last week\n---\n${handover}`,
  });
  await rag("ingest", docs.path);
  const found = async (filter: string): Promise<readonly string[]> => {
    const { hits } = searchReply.parse(onlyJson(await rag("search", handover, "--filter", filter, "--json")));
    return [...new Set(hits.map(({ documentId }) => documentId))];
  };
  expect(await found('{"language":"en"}')).toEqual(["en.md"]);
  expect(await found('{"language":{"$ne":"en"}}')).not.toContain("en.md");
  expect(await found('{"tags":"2024","date":{"$gte":"2024-01-01"}}')).toEqual(["en.md"]);
  expect(await found('{"language":"fr"}')).toEqual([]);
  const asked = ["ask", "When does the night shift hand over?", "--json"];
  expect(onlyJson(await rag(...asked, "--filter", '{"language":"de"}'))).toMatchObject({
    citations: [{ documentId: "de.md" }],
    sources: [{ documentId: "de.md" }],
  });
  expect((await rag("verify")).status).toBe(0);
});

test("refuses a filter on an unknown field and names the known ones", async () => {
  const { docs, rag } = await createWorkspace();
  await rag("ingest", docs.path);
  for (const command of ["search", "ask"]) {
    const result = await rag(command, "key", "--filter", '{"$or":[{"colour":"red"},{"language":"en"}]}');
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('"colour"');
    expect(result.stderr).toContain("title, language, tags");
    expect(result.stderr).not.toContain("ensureCollection");
  }
});

test("asks to ingest an older index again before it can be filtered, and then filters", async () => {
  const { docs, data, rag } = await createWorkspace();
  await docs.write({ "page.md": "---\ntags: 2024\ndate: soon\nlanguage: en\n---\nThe night shift.\n" });
  const store = new SqliteStore({ path: join(data.path, "index.sqlite") });
  const index = defineIndex({
    name: "documents",
    chunker: await createChunker(),
    sparse: createBm25Encoder(),
  });
  const source = new FolderSource({ path: docs.path, id: docs.path });
  await createIndexer({ store, index }).sync(source);
  await store.close();
  const search = ["search", "night shift", "--filter", '{"tags":"2024"}', "--json"];
  expect(onlyJson(await rag(...search))).toMatchObject({
    error: { message: expect.stringContaining("ingest DIR") },
  });
  expect(onlyJson(await rag("search", "shift", "--json"))).toMatchObject({
    hits: [{ documentId: "page.md" }],
  });
  expect(onlyJson(await rag("ingest", docs.path, "--json"))).toMatchObject({ embeddings: 0 });
  expect(onlyJson(await rag(...search))).toMatchObject({ hits: [{ metadata: { tags: "2024" } }] });
  expect((await rag("verify")).status).toBe(0);
});
