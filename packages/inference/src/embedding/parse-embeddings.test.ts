import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEmbeddings } from "./parse-embeddings.ts";

const base64 = (values: readonly number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString("base64");
const reply = (...embeddings: readonly unknown[]): object => ({
  data: embeddings.map((embedding, index) => ({ index, embedding })),
  usage: { prompt_tokens: 7, total_tokens: 7 },
});

describe("parseEmbeddings", () => {
  test("decodes base64 and numbers to the same vectors, bit by bit", () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(vector, (values) => {
        const { vectors, tokens } = parseEmbeddings("s", reply(base64(values), values), 2);
        expect(vectors).toEqual([Float32Array.from(values), Float32Array.from(values)]);
        expect(tokens).toBe(7);
      }),
    );
  });

  test("returns vectors in the order of the inputs for any order of the answer", () => {
    const body = {
      data: [
        { index: 1, embedding: [2] },
        { index: 0, embedding: [1] },
      ],
    };
    expect(parseEmbeddings("s", body, 2).vectors).toEqual([Float32Array.of(1), Float32Array.of(2)]);
  });

  test.each([
    ["a missing vector", { data: [{ index: 0, embedding: [1] }] }],
    [
      "a vector given twice",
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      },
    ],
    ["a vector too many", reply([1], [2], [3])],
    [
      "an index that no input has",
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 2, embedding: [1] },
        ],
      },
    ],
    ["base64 of a broken float", reply("AAAA", base64([1]))],
    ["text that is no base64", reply("!!!!!!!!", base64([1]))],
    ["a vector without numbers", reply([1], [])],
    ["a vector of empty base64", reply("", [1])],
    ["no vectors at all", { message: "hello" }],
  ])("refuses %s as an invalid response", (_, body) => {
    expect(() => parseEmbeddings("s", body, 2)).toThrow(
      expect.objectContaining({ code: "invalid_response" }),
    );
  });

  test("reports a repeated index instead of a wrong number of vectors", () => {
    const body = { data: [0, 0].map((index) => ({ index, embedding: [1] })) };
    expect(() => parseEmbeddings("s", body, 2)).toThrow(
      "expected 2 vectors, one per input, got 2 with the indexes 0, 0",
    );
  });

  test("takes the order of items without an index, and keeps vectors beside a broken usage (E1, E2)", () => {
    for (const usage of [{}, { total_tokens: 3 }, { prompt_tokens: "3" }, 3, null]) {
      const body = { data: [{ embedding: [1] }, { embedding: [2] }], usage };
      expect(parseEmbeddings("s", body, 2)).toEqual({
        vectors: [Float32Array.of(1), Float32Array.of(2)],
        tokens: undefined,
      });
    }
  });

  test("keeps the other vectors if one holds null or is null (E4)", () => {
    const { vectors } = parseEmbeddings("s", reply([1, null], [1, 2], null), 3);
    expect(vectors.map((vector) => vector.some(Number.isNaN))).toEqual([true, false, true]);
  });
});
