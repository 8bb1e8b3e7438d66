import { join } from "node:path";
import type { VectorStore } from "@binnacle/core";
import { vectorStoreContract } from "@binnacle/core/testing";
import { test } from "vitest";
import { shareCompileCache } from "./fixtures/share-compile-cache.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteStore } from "./index.ts";

shareCompileCache();
const paths = new WeakMap<VectorStore, string>();
const open = async (path = join(temporaryFolder(), "store.sqlite")): Promise<VectorStore> => {
  const store = new SqliteStore({ path });
  paths.set(store, path);
  return store;
};
const contract = vectorStoreContract(open, { reopen: (closed) => open(paths.get(closed)) });
for (const check of contract) test(check.name, check.run);
