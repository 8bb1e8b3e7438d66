import { tokenizerContract } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createHuggingFaceTokenizer } from "./create-huggingface-tokenizer.ts";

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const special = { special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
const vocabularyOf = (words: readonly string[]) => Object.fromEntries(words.map((word, id) => [word, id]));
const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789<>|_.,'-"];

/** BERT's form, as MiniLM, BGE, E5 and nomic have it: lower case, no accents, parts of words with `##`. */
const wordPieces = {
  version: "1.0",
  added_tokens: [
    { id: 0, content: "[UNK]", ...special },
    { id: 1, content: "[CLS]", ...special },
  ],
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: vocabularyOf([
      "[UNK]",
      "[CLS]",
      ...letters,
      ...letters.map((one) => `##${one}`),
      "cafe",
      "harbour",
      "##s",
      "日",
    ]),
  },
};

/** GPT-2's form, as Llama 3, Qwen and SmolLM have it: bytes, written as printable characters. */
const bytes = Array.from({ length: 256 }, (_, byte) => byte);
const isPrintable = (byte: number) =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
let next = 256;
const alphabet = bytes.map((byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
const byteLevel = {
  version: "1.0",
  added_tokens: [{ id: 300, content: "<|endoftext|>", ...special }],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: "BPE",
    vocab: vocabularyOf([...alphabet, "th", "the", "Ġthe"]),
    merges: ["t h", "th e", "Ġ the"],
  },
};

describe.each([
  ["word pieces", wordPieces],
  ["bytes", byteLevel],
])("createHuggingFaceTokenizer with %s", (_, tokenizer) => {
  for (const { name, run } of tokenizerContract(() => createHuggingFaceTokenizer({ tokenizer })))
    test(name, run);
});

/** The parts of a text between the ends of its tokens. */
async function partsOf(
  tokenizer: Readonly<Record<string, unknown>>,
  text: string,
): Promise<readonly string[]> {
  const ends = (await createHuggingFaceTokenizer({ tokenizer })).ends(text);
  return Array.from(ends, (end, index) => text.slice(ends[index - 1] ?? 0, end));
}

test("ends word pieces at their characters, also where the model drops case and accents", async () => {
  expect(await partsOf(wordPieces, "Café Harbours 日日!")).toEqual([
    "Café",
    " Harbour",
    "s",
    " 日",
    "日",
    "!",
  ]);
  expect(await partsOf(wordPieces, "e\u0301a ??? harbour ")).toEqual([
    "e\u0301",
    "a",
    " ?",
    "?",
    "?",
    " harbour ",
  ]);
});

test("ends byte tokens at the start of a character that they cut", async () => {
  expect(await partsOf(byteLevel, "the the🙂.")).toEqual(["the", " the", "", "", "", "🙂", "."]);
});

test("counts names of special tokens as text, and a blank text as one token", async () => {
  const tokenizer = await createHuggingFaceTokenizer({ tokenizer: wordPieces, id: "minilm" });
  expect(tokenizer.id).toBe("minilm");
  expect(tokenizer.count("[CLS]")).toBe(5);
  expect([tokenizer.count(" "), [...tokenizer.encode(" ")]]).toEqual([1, [0]]);
});

test("names the vocabulary after its content, and refuses a missing or broken file", async () => {
  const { id } = await createHuggingFaceTokenizer({ tokenizer: wordPieces });
  expect(id).toMatch(/^huggingface:[\w-]{16}$/);
  expect((await createHuggingFaceTokenizer({ tokenizer: byteLevel })).id).not.toBe(id);
  await expect(createHuggingFaceTokenizer({ tokenizer: "/nowhere/tokenizer.json" })).rejects.toThrow(
    /cannot read \/nowhere\/tokenizer.json.*ENOENT.*pass its path/,
  );
  await expect(createHuggingFaceTokenizer({ tokenizer: {} })).rejects.toThrow(/model/);
  await expect(createHuggingFaceTokenizer(raw({ tokenizer: 5 }))).rejects.toThrow(/tokenizer/);
});
