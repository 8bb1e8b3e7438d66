import { vectorStoreContract } from "@binnacle/core/testing";
import { test } from "vitest";
import { MemoryStore } from "./memory-store.ts";

for (const check of vectorStoreContract(async () => new MemoryStore())) test(check.name, check.run);
