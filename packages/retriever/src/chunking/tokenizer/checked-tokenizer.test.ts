import type { Tokenizer } from "@binnacle/core";
import { tokenizerContract } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createAnswerer } from "../../answering/create-answerer.ts";
import { createTextChunker } from "../create-text-chunker.ts";
import { checkedTokenizer } from "./checked-tokenizer.ts";
import { createEstimatingTokenizer } from "./create-estimating-tokenizer.ts";
import { createTokenizer } from "./create-tokenizer.ts";

const document = { id: "a", text: "one two three", metadata: {} };
const odd = (answers: object): Tokenizer => Object.assign({ ...createEstimatingTokenizer() }, answers);

describe("contract", () => {
  for (const { name, run } of tokenizerContract(async () =>
    checkedTokenizer(await createTokenizer("o200k_base")),
  ))
    test(`keeps the contract: ${name}`, run);
});

describe("chunkers", () => {
  test.each<[what: string, answers: object, message: RegExp]>([
    ["counts NaN tokens", { count: () => Number.NaN }, /count\(\) must return .* NaN/],
    ["counts half tokens", { count: () => 1.5 }, /the number 1\.5/],
    ["promises a count", { count: () => Promise.resolve(1) }, /await it first/],
    ["returns ends as an array", { ends: () => [3, 13] }, /ends\(\) must return a Uint32Array/],
    ["returns ends that decrease", { ends: () => Uint32Array.of(9, 3, 13) }, /3 comes after 9/],
    ["returns ends of another text", { ends: () => Uint32Array.of(3, 7) }, /length 13, got 7/],
  ])("makes a chunker reject a tokenizer that %s", async (_, answers, message) => {
    const chunker = await createTextChunker({ tokenizer: odd(answers), maxTokens: 8 });
    expect(() => [...chunker.chunk(document)]).toThrow(
      expect.objectContaining({ code: "invalid_response", message: expect.stringMatching(message) }),
    );
  });

  test("makes a chunker reject a value that is not a tokenizer, before it cuts", async () => {
    const wrong: ReturnType<typeof JSON.parse> = { tokenizer: createTokenizer("o200k_base") };
    await expect(createTextChunker(wrong)).rejects.toThrow(/tokenizer: .*await it first/);
    const counter: ReturnType<typeof JSON.parse> = { retriever: {}, backend: {}, tokenizer: {} };
    expect(() => createAnswerer(counter)).toThrow(/retriever: .*backend: .*tokenizer: /s);
  });
});
