import { readFileSync } from "node:fs";
import { tokenizerContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { createEstimatingTokenizer } from "./create-estimating-tokenizer.ts";
import { createTokenizer } from "./create-tokenizer.ts";

const create = () => Promise.resolve(createEstimatingTokenizer());
for (const check of tokenizerContract(create, { hasVocabulary: false })) test(check.name, check.run);

test("has an id that begins with estimate", () => {
  expect(createEstimatingTokenizer().id).toMatch(/^estimate/);
});

test("counts at most a quarter less and half more than o200k_base in English, Chinese and source code (T30)", async () => {
  const estimate = createEstimatingTokenizer();
  const exact = await createTokenizer("o200k_base");
  const english =
    "Retrieval quality depends on where a passage begins and ends. It should read as one thought. ";
  const chinese = "检索的质量取决于段落从哪里开始，到哪里结束。每个段落都应该表达一个完整的想法。";
  const code = readFileSync(new URL("create-tokenizer.ts", import.meta.url), "utf8");
  for (const text of [english.repeat(20), chinese.repeat(20), code]) {
    const ratio = estimate.count(text) / exact.count(text);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.5);
  }
});

test("counts a text at least as high as any part of it", () => {
  const tokenizer = createEstimatingTokenizer();
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
      expect(tokenizer.count(left + right)).toBeGreaterThanOrEqual(tokenizer.count(left) - 1);
    }),
    { numRuns: 30 * inject("propertyShare") },
  );
});
