import { describe, expect, test } from "vitest";
import { FakeReranker } from "./fake-reranker.ts";
import { rerankerContract } from "./reranker-contract.ts";

describe("FakeReranker", () => {
  for (const { name, run } of rerankerContract(() => Promise.resolve(new FakeReranker()))) test(name, run);
});

test("scores by shared words, and rejects with the error of `onRerank`", async () => {
  const broken = new Error("broken");
  const reranker = new FakeReranker({
    onRerank: (query) => {
      if (query === "break") throw broken;
    },
  });
  expect(await reranker.rerank("low tide", ["The tide is low.", "Low bridge"])).toEqual({
    outcomes: [1, 0.5],
  });
  await expect(reranker.rerank("break", ["a"])).rejects.toBe(broken);
});
