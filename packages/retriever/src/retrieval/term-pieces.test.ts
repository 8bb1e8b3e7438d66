import { expect, test } from "vitest";
import { createBm25Encoder } from "../sparse/index.ts";
import { termPieces, termsOfPieces } from "./term-pieces.ts";

test("cuts a text into words, and words of scripts without spaces also into pairs", () => {
  const pieces = termPieces("Rotate 密钥文 now");
  expect(pieces.map(({ text, start }) => [text, start])).toEqual([
    ["Rotate", 0],
    ["密钥", 7],
    ["钥文", 8],
    ["密钥文", 7],
    ["now", 11],
  ]);
  expect(pieces[3]?.parts).toEqual(["密钥", "钥文"]);
});

test("assigns a term to the smallest piece that has it, however the encoder cuts", async () => {
  const encoder = createBm25Encoder();
  const pieces = termPieces("密钥文 keys");
  const bm25 = await termsOfPieces(pieces, (texts) => encoder.encode(texts, { role: "query" }));
  expect(pieces.map((piece) => bm25(piece).size)).toEqual([1, 1, 0, 1]);
  const whole = await termsOfPieces(pieces, async (texts) =>
    texts.map((text) => ({ indices: text.length === 2 ? [] : [text.length] })),
  );
  expect(pieces.map((piece) => [...whole(piece)])).toEqual([[], [], [3], [4]]);
});

test("treats a character beyond the basic plane as one character", () => {
  expect(termPieces("𠮷野家").map(({ text, start }) => [text, start])).toEqual([
    ["𠮷野", 0],
    ["野家", 2],
    ["𠮷野家", 0],
  ]);
});
