import { test } from "vitest";
import { embedderContract } from "./embedder-contract.ts";
import { FakeEmbedder } from "./fake-embedder.ts";

for (const { name, run } of embedderContract(() => Promise.resolve(new FakeEmbedder())))
  test(`a fake embedder ${name}`, run);
