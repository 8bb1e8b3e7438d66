import { createHash } from "node:crypto";
import { ConfigurationError } from "@binnacle/core";
import { tokenizerContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import p50k from "js-tiktoken/ranks/p50k_base";
import r50k from "js-tiktoken/ranks/r50k_base";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createTokenizer } from "./create-tokenizer.ts";
import recorded from "./fixtures/long-inputs.json" with { type: "json" };
import { longInputs } from "./fixtures/long-inputs.ts";

const rankFiles = { o200k_base: o200k, cl100k_base: cl100k, p50k_base: p50k, r50k_base: r50k } as const;

// The fragments favour text that the split patterns treat differently: case, marks, digits, blanks, line
// ends, contractions.
const fragment = fc.oneof(
  fc.constantFrom(
    "'s",
    "'LL",
    "'Re",
    "don't",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\u00a0",
    "\u2028",
    "/",
    "//\n",
    "123",
    "٣",
    "Ⅷ",
  ),
  fc.constantFrom(
    "A",
    "b",
    "ǅ",
    "ʰ",
    "中",
    "\u0301",
    "É",
    "é",
    "ß",
    "İ",
    "ſ",
    "🎉",
    "\ud83d",
    "\udc00",
    "\u200d",
    "<|endoftext|>",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
);
const text = fc.array(fragment, { maxLength: 24 }).map((fragments) => fragments.join(""));

describe.each(["o200k_base", "cl100k_base", "p50k_base", "r50k_base"] as const)("%s", (name) => {
  let reference: Tiktoken;
  beforeAll(() => {
    reference = new Tiktoken(rankFiles[name]);
  });

  for (const check of tokenizerContract(() => createTokenizer(name))) test(check.name, check.run);

  test("encodes every text to the same ids as js-tiktoken (T30)", async () => {
    const tokenizer = await createTokenizer(name);
    fc.assert(
      fc.property(text, (input) => {
        expect([...tokenizer.encode(input)]).toEqual(reference.encode(input, [], []));
      }),
      { numRuns: 500 * inject("propertyShare") },
    );
  });

  test("ends each token at the end of the bytes so far, rounded down to a character", async () => {
    const tokenizer = await createTokenizer(name);
    const sizes = tokenSizes(rankFiles[name].bpe_ranks);
    fc.assert(
      fc.property(text, (input) => {
        const lengths = reference.encode(input, [], []).map((id) => sizes.get(id) ?? Number.NaN);
        let bytes = 0;
        const expected = lengths.map((length) => charactersIn(input, (bytes += length)));
        expect([...tokenizer.ends(input)]).toEqual(expected);
      }),
      { numRuns: 200 * inject("propertyShare") },
    );
  });

  test("encodes long inputs to the recorded ids of js-tiktoken", async () => {
    const tokenizer = await createTokenizer(name);
    for (const [input, make] of Object.entries(longInputs)) {
      const ids = tokenizer.encode(make());
      const digest = createHash("sha256").update(ids).digest("hex");
      expect({ input, count: ids.length, digest }).toEqual(
        recorded.find((row) => row.vocabulary === name && row.input === input)?.result,
      );
    }
  });
});

/** Decodes the bytes of every token of a rank file. */
function tokenSizes(ranks: string): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  for (const line of ranks.split("\n")) {
    const [, first, ...tokens] = line.split(" ");
    tokens.forEach((token, i) => sizes.set(Number(first) + i, Buffer.from(token, "base64").length));
  }
  return sizes;
}

/** Counts the UTF-16 units of the characters that lie completely within the first `bytes` bytes. */
function charactersIn(input: string, bytes: number): number {
  let units = 0;
  let used = 0;
  for (const character of input) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    units += character.length;
  }
  return units;
}

test("gives the same answers after its word cache was filled and cleared", async () => {
  const tokenizer = await createTokenizer("r50k_base");
  const probe = "unfathomableness quixotically zyzzyvas";
  const before = tokenizer.encode(probe);
  for (let i = 0; i < 40; i++) {
    tokenizer.count(Array.from({ length: 5_000 }, (_, n) => `zq${(i * 5_000 + n).toString(36)}xj`).join(" "));
  }
  expect(tokenizer.encode(probe)).toEqual(before);
});

test("rejects an unknown vocabulary", async () => {
  const unknown: string = "o300k_base";
  // @ts-expect-error: plain JavaScript can pass anything
  await expect(createTokenizer(unknown)).rejects.toSatisfy((error) => ConfigurationError.isInstance(error));
});
