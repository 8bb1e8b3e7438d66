import { describe, expect, test } from "vitest";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { Chunker } from "../../spec/chunker.ts";
import type { EmbedOptions, Embedder } from "../../spec/embedder.ts";
import type { SparseEncoder } from "../../spec/sparse-encoder.ts";
import { FakeEmbedder } from "../../testing/fake-embedder.ts";
import { chunkChecked } from "./chunk-checked.ts";
import { describeChecked } from "./describe-checked.ts";
import { embedChecked } from "./embed-checked.ts";
import { encodeChecked } from "./encode-checked.ts";

const space = { id: "s", dimensions: 2 };
const options: EmbedOptions = { role: "document" };
const good = Float32Array.of(1, 2);

/** An embedder as plain JavaScript may write it. */
function answering(answer: unknown): Embedder {
  return Object.assign(new FakeEmbedder(), { embed: () => Promise.resolve(answer) });
}

describe("embedChecked", () => {
  test.each<[what: string, answer: unknown, message: RegExp]>([
    ["no answer", undefined, /got undefined/],
    ["only the vectors", [good, good], /`outcomes` must be an array, got undefined/],
    ["outcomes that are not awaited", { spaceId: "s", outcomes: Promise.resolve([]) }, /await it first/],
    ["fewer outcomes than inputs", { spaceId: "s", outcomes: [good] }, /1 outcomes for 2 inputs/],
    ["more outcomes than inputs", { spaceId: "s", outcomes: [good, good, good] }, /3 outcomes for 2 inputs/],
    ["an undefined outcome", { spaceId: "s", outcomes: [good, undefined] }, /outcome 1 is undefined/],
    ["a hole", { spaceId: "s", outcomes: new Array(2) }, /outcome 0 is undefined/],
    ["numbers in an array", { spaceId: "s", outcomes: [good, [1, 2]] }, /Float32Array\.from\(\)/],
    ["another typed array", { spaceId: "s", outcomes: [good, new Float64Array(2)] }, /is a Float64Array/],
    ["a plain error", { spaceId: "s", outcomes: [good, new Error("x")] }, /is an Error/],
    [
      "too few dimensions",
      { spaceId: "s", outcomes: [good, Float32Array.of(1)] },
      /1 numbers, .* 2 dimensions/,
    ],
  ])("refuses the whole result with %s", async (_, answer, message) => {
    await expect(embedChecked(answering(answer), ["a", "b"], options, space)).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringMatching(message),
    });
  });

  test("refuses vectors of another space, and a result without a space", async () => {
    for (const spaceId of ["t", undefined, 7]) {
      const answer = answering({ spaceId, outcomes: [good] });
      await expect(embedChecked(answer, ["a"], options, space)).rejects.toMatchObject({
        code: "wrong_space",
      });
    }
  });

  test("turns a zero vector into the error of its input and keeps the other outcomes", async () => {
    const refused = new BinnacleError("input_too_long", "too long");
    const outcomes = [good, Float32Array.of(0, 0), Float32Array.of(1, Number.NaN), refused];
    const result = await embedChecked(
      answering({ spaceId: "s", outcomes }),
      ["a", "b", "c", "d"],
      options,
      space,
    );
    const invalid = expect.objectContaining({ code: "invalid_vector" });
    expect(result.outcomes).toEqual([good, invalid, invalid, refused]);
  });
});

describe("describeChecked", () => {
  const info = { space, accepts: ["text"], maxItems: 1, concurrency: 1 };

  test.each<[what: string, answer: unknown, message: RegExp]>([
    ["nothing", undefined, /got undefined/],
    ["no space", { ...info, space: undefined }, /`space` is undefined/],
    ["a numeric id", { ...info, space: { id: 7, dimensions: 2 } }, /`space\.id` .* the number 7/],
    ["no dimensions", { ...info, space: { id: "s" } }, /`space\.dimensions` .* undefined/],
    ["a batch of nothing", { ...info, maxItems: 0 }, /`maxItems` .* the number 0/],
    ["no concurrency", { ...info, concurrency: Number.NaN }, /`concurrency` .* NaN/],
  ])("refuses a description with %s", async (_, answer, message) => {
    const embedder = Object.assign(new FakeEmbedder(), { describe: () => Promise.resolve(answer) });
    await expect(describeChecked(embedder)).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringMatching(message),
    });
  });

  test("returns a valid description unchanged", async () => {
    expect(await describeChecked(new FakeEmbedder())).toMatchObject({ space: { id: "fake" } });
  });
});

describe("encodeChecked", () => {
  const term = { indices: Uint32Array.of(1), values: Float32Array.of(1) };
  const encoding = (answer: unknown): SparseEncoder =>
    Object.assign(
      { id: "odd", encode: () => Promise.resolve([]) },
      { encode: () => Promise.resolve(answer) },
    );

  test.each<[what: string, answer: unknown, message: RegExp]>([
    ["nothing", undefined, /got undefined/],
    ["fewer vectors than texts", [term], /1 vectors for 2 texts/],
    ["more vectors than texts", [term, term, term], /3 vectors for 2 texts/],
    ["an undefined vector", [term, undefined], /vector 1: .* undefined/],
    ["numbers in arrays", [term, { indices: [1], values: [1] }], /`indices` must be a Uint32Array/],
    [
      "values of another type",
      [term, { ...term, values: new Float64Array(1) }],
      /`values` must be a Float32Array/,
    ],
    [
      "indices that do not ascend",
      [term, { indices: Uint32Array.of(2, 1), values: Float32Array.of(1, 1) }],
      /ascend/,
    ],
  ])("refuses a result with %s", async (_, answer, message) => {
    await expect(encodeChecked(encoding(answer), ["a", "b"], options)).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringMatching(message),
    });
  });

  test("returns valid vectors, including empty ones", async () => {
    const answer = [term, { indices: new Uint32Array(), values: new Float32Array() }];
    expect(await encodeChecked(encoding(answer), ["a", "b"], options)).toBe(answer);
  });
});

describe("chunkChecked", () => {
  const document = { id: "d", text: "one two", mediaType: "text/plain", metadata: {} };
  const chunk = { index: 0, start: 0, end: 3, text: "one", context: "", tokens: 1, path: [], metadata: {} };
  const cutting = (answer: unknown): Chunker =>
    Object.assign({ id: "odd", chunk: () => [] }, { chunk: () => answer });

  test.each<[what: string, answer: unknown, message: RegExp]>([
    ["a promise", Promise.resolve([]), /must return an iterable, got a Promise/],
    ["nothing", undefined, /must return an iterable/],
    ["texts", ["one"], /expected a Chunk, got the string "one"/],
    ["a wrong index", [{ ...chunk, index: 1 }], /`index` must be 0/],
    ["a range outside of the text", [{ ...chunk, end: 9 }], /range of the text's 7 characters/],
    ["another text than the document's", [{ ...chunk, text: "One" }], /from 0 to 3/],
    ["no context", [{ ...chunk, context: undefined }], /`context` must be a string/],
    ["a fraction of a token", [{ ...chunk, tokens: 1.5 }], /`tokens` must be a whole number/],
    ["a path that is one string", [{ ...chunk, path: "a" }], /`path` must be an array of strings/],
  ])("refuses a chunker that returns %s", (_, answer, message) => {
    expect(() => [...chunkChecked(cutting(answer), document)]).toThrow(
      expect.objectContaining({ code: "invalid_response", message: expect.stringMatching(message) }),
    );
  });

  test("yields valid chunks unchanged", () => {
    expect([...chunkChecked(cutting([chunk]), document)]).toEqual([chunk]);
  });
});
