import { join } from "node:path";
import { createBm25Encoder, createChunker, createIndexer, defineIndex } from "@binnacle/retriever";
import { FolderSource } from "@binnacle/retriever/folder";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { handbook } from "../testing/handbook.ts";
import { onlyJson, runProgram, type ProgramResult } from "../testing/run-program.ts";
import { temporaryFolder, type TemporaryFolder } from "../testing/temporary-folder.ts";

const searchReply = z.object({ hits: z.array(z.object({ documentId: z.string() })) });

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

test("a filter lets only documents through whose front matter fits it", async () => {
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
  expect((await rag("verify")).status).toBe(0);
});

test("a filter on anything else is refused, and what one can filter by is named", async () => {
  await rag("ingest", docs.path);
  const result = await rag("search", "key", "--filter", '{"$or":[{"colour":"red"},{"language":"en"}]}');
  expect(result.status).toBe(1);
  expect(result.stderr).toContain('"colour"');
  expect(result.stderr).toContain("title, language, tags");
  expect(result.stderr).not.toContain("ensureCollection");
});

test("an index from before there were fields says that it must be ingested again, and then filters", async () => {
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
