import { describe, test } from "vitest";
import { embedderContract } from "./embedder-contract.ts";
import { FakeEmbedder } from "./fake-embedder.ts";

describe("FakeEmbedder", () => {
  for (const { name, run } of embedderContract(() => Promise.resolve(new FakeEmbedder()))) test(name, run);
});
