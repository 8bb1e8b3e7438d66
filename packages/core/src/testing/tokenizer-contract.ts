import assert from "node:assert/strict";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { Tokenizer } from "../spec/tokenizer.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

/** Properties of the tokenizer under test. */
export interface TokenizerContractOptions {
  /** True if `encode` returns ids. False for an estimator. @default true */
  readonly hasVocabulary?: boolean | undefined;
}

const texts: readonly string[] = [
  "",
  " ",
  "a",
  "The quick brown fox doesn't jump.\n\nIt sleeps.\r\n",
  "日本語の文章。東京タワーは高い。",
  "Ünïcödé é e\u0301 ñ",
  "👩‍👩‍👧‍👦 and 🎉🎉🎉 and \u{1F1E9}\u{1F1EA}",
  "<|endoftext|> is plain text, so is <|fim_prefix|>",
  "    indented\n\tand tabbed\n\n\n\n",
  "x".repeat(2_000),
  "lone \ud83d surrogates \udc00 here",
  "العربية हिन्दी ไทย 한국어",
];

/** The contract of tokenizers. */
export function tokenizerContract(
  create: () => Promise<Tokenizer>,
  { hasVocabulary = true }: TokenizerContractOptions = {},
): readonly ContractCase[] {
  return contractCases(create, () => Promise.resolve(), [
    [
      "has an id",
      async (tokenizer) => {
        assert.notEqual(tokenizer.id, "");
        assert.equal((await create()).id, tokenizer.id);
      },
    ],
    [
      "counts 0 tokens in the empty string and at least one in any other",
      async (tokenizer) => {
        assert.equal(tokenizer.count(""), 0);
        for (const text of texts.slice(1)) assert.ok(tokenizer.count(text) > 0, JSON.stringify(text));
      },
    ],
    [
      "returns the same count again after other texts",
      async (tokenizer) => {
        const counts = texts.map((text) => tokenizer.count(text));
        assert.deepEqual(
          texts
            .toReversed()
            .map((text) => tokenizer.count(text))
            .toReversed(),
          counts,
        );
      },
    ],
    [
      "returns one end per token, never decreasing, and the length as the last",
      async (tokenizer) => {
        for (const text of texts) {
          const ends = tokenizer.ends(text);
          assert.equal(ends.length, tokenizer.count(text));
          assert.equal(ends.at(-1) ?? 0, text.length);
          assert.ok(ends.every((end, i) => end >= (ends[i - 1] ?? 0)));
        }
      },
    ],
    [
      "ends no token inside a surrogate pair",
      async (tokenizer) => {
        for (const text of texts) {
          for (const end of tokenizer.ends(text)) {
            const splits = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(end - 1, end + 1));
            assert.equal(splits, false, `${JSON.stringify(text)} at ${end}`);
          }
        }
      },
    ],
    [
      "returns arrays that later calls do not change",
      async (tokenizer) => {
        const ends = tokenizer.ends("one two three");
        const copy = [...ends];
        tokenizer.ends("something else, much longer than the first");
        assert.deepEqual([...ends], copy);
      },
    ],
    hasVocabulary
      ? [
          "returns as many ids as it counts, and the same ids each time",
          async (tokenizer) => {
            for (const text of texts) {
              const ids = tokenizer.encode(text);
              assert.equal(ids.length, tokenizer.count(text));
              assert.deepEqual(tokenizer.encode(text), ids);
            }
          },
        ]
      : [
          "refuses to encode without a vocabulary",
          async (tokenizer) => {
            assert.throws(
              () => tokenizer.encode("text"),
              (error) => UnsupportedError.isInstance(error),
            );
          },
        ],
    [
      "reads special tokens as plain text",
      async (tokenizer) => {
        assert.ok(tokenizer.count("<|endoftext|>") > 1);
      },
    ],
  ]);
}
