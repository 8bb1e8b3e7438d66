import type { VectorStore } from "@binnacle/core";
import { vectorStoreContract } from "@binnacle/core/testing";
import { describe, test } from "vitest";
import { laggingStore } from "./fixtures/lagging-store.ts";
import { narrowStore } from "./fixtures/narrow-store.ts";
import { MemoryStore } from "./memory-store.ts";

// The embedded stores have every capability. These stores lack some, so that the contract's other outcomes
// run too.
const small = { metrics: ["cosine"], maxDimensions: 8, idfScopes: [], sparseStatistics: "none" } as const;
const stores: Readonly<Record<string, () => VectorStore>> = {
  "dense vectors only, no fences, no epochs": () =>
    narrowStore(new MemoryStore(), { ...small, sparse: false, fences: "none", epochs: false }),
  "sparse vectors without statistics, no fences": () =>
    narrowStore(new MemoryStore(), { ...small, sparse: true, fences: "none", epochs: true }),
  "lagging statistics of the collection, detected fences, approximate": () => laggingStore(new MemoryStore()),
};

describe.each(Object.entries(stores))("a store with %s", (_, create) => {
  for (const check of vectorStoreContract(async () => create())) test(check.name, check.run);
});
