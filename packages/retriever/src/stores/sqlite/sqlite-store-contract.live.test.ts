import { join } from "node:path";
import { vectorStoreContract } from "@binnacle/core/testing";
import { test } from "vitest";
import { shareCompileCache } from "./fixtures/share-compile-cache.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteStore } from "./index.ts";

shareCompileCache();
const contract = vectorStoreContract(
  async () => new SqliteStore({ path: join(temporaryFolder(), "store.sqlite") }),
);
for (const check of contract) test(check.name, check.run);
