import { join } from "node:path";
import type { Retriever } from "@binnacle/core";
import { FakeEmbedder, retrieverContract } from "@binnacle/core/testing";
import { describe, test } from "vitest";
import { shareCompileCache } from "../stores/sqlite/fixtures/share-compile-cache.ts";
import { temporaryFolder } from "../stores/sqlite/fixtures/temporary-folder.ts";
import { SqliteStore } from "../stores/sqlite/index.ts";
import { createRetriever } from "./create-retriever.ts";
import { indexed } from "./fixtures/indexed.ts";

const fields = { kind: "keyword" } as const;

shareCompileCache();
describe.each(["hybrid", "lexical", "dense"] as const)("%s retriever over a SQLite store", (mode) => {
  for (const { name, run } of retrieverContract(async (documents) => {
    const embedder = new FakeEmbedder({ dimensions: 256 });
    const store = new SqliteStore({ path: join(temporaryFolder(), "store.sqlite") });
    const { index } = await indexed(documents, { embedder, fields, store });
    const retriever: Retriever = createRetriever({ store, index, mode });
    return { retriever, close: () => store.close() };
  })) {
    test(name, run);
  }
});
