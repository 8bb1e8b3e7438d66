import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./define-index.ts";
import { EditableSource } from "./fixtures/editable-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

test("T48: a second sync of an unchanged source costs no embedding and no write", async () => {
  const embedder = new FakeEmbedder();
  const index = defineIndex({ name: "handbook", chunker: paragraphChunker, embedder });
  const indexer = createIndexer({ store: new MemoryStore(), index, manifest: new MemoryManifest() });
  const source = new EditableSource();
  source.put("a", "# one\n\ntwo two\n\nthree three");
  expect((await indexer.sync(source)).summary).toBe("+1 ~0 -0 documents, 3 embeddings, 0 failures");
  expect(await indexer.sync(source)).toMatchObject({ embeddings: 0, pointsWritten: 0, pointsDeleted: 0 });
  expect(embedder.embedded).toHaveLength(3);
});
