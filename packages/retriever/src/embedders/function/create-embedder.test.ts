import { BinnacleError, type EmbedOptions } from "@binnacle/core";
import { embedderContract } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createEmbedder } from "./create-embedder.ts";
import type { EmbedFunction, EmbedderOptions } from "./embedder-options.ts";

const asDocument: EmbedOptions = { role: "document" };
const vectorOf = (text: string): number[] => [text.length, text.charCodeAt(0)];

function make(embed: EmbedFunction, rest: Partial<EmbedderOptions> = {}) {
  return createEmbedder({ id: "lengths", dimensions: 2, embed, ...rest });
}
// Returns values that TypeScript would reject, as a function in plain JavaScript can.
const returning =
  (answer: unknown): EmbedFunction =>
  (): ReturnType<typeof JSON.parse> =>
    answer;

describe("contract", () => {
  for (const { name, run } of embedderContract(async () =>
    make(async (texts) => texts.map(vectorOf), { maxItems: 7 }),
  ))
    test(`keeps the contract: ${name}`, run);
});

describe("calls of the function", () => {
  test("calls the function with at most `maxItems` texts and at most `concurrency` times at once", async () => {
    const sizes: number[] = [];
    let [running, most] = [0, 0];
    const embedder = make(
      async (texts) => {
        sizes.push(texts.length);
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
        return texts.map(vectorOf);
      },
      { maxItems: 3, concurrency: 2 },
    );
    const { outcomes } = await embedder.embed(["a", "bb", "", "ccc", "d", "e", "f", "g"], asDocument);
    expect(sizes).toEqual([3, 3, 1]);
    expect(most).toBe(2);
    expect(outcomes[1]).toEqual(Float32Array.of(2, 98));
    expect(outcomes[2]).toMatchObject({ code: "empty_input" });
  });

  test("passes role, signal and trace to the function, and accepts typed arrays that are returned without a promise", async () => {
    const seen: EmbedOptions[] = [];
    const embedder = make((texts, options) => {
      seen.push(options);
      return texts.map((text) => Float64Array.from(vectorOf(text)));
    });
    const { outcomes } = await embedder.embed(["a"], { role: "query", traceparent: "00-1-2-01" });
    expect(outcomes).toEqual([Float32Array.of(1, 97)]);
    expect(seen).toMatchObject([{ role: "query", traceparent: "00-1-2-01" }]);
    expect(seen[0]?.signal).toBeInstanceOf(AbortSignal);
  });

  test("returns vectors that share no memory, even if the function returns one object for all", async () => {
    const shared = Float32Array.of(1, 2);
    const { outcomes } = await make((texts) => texts.map(() => shared)).embed(["a", "b"], asDocument);
    expect(outcomes[0]).not.toBe(outcomes[1]);
    expect(outcomes[0]).not.toBe(shared);
  });

  test("calls the function's close once", async () => {
    let closed = 0;
    const embedder = make((texts) => texts.map(vectorOf), {
      close: () => {
        closed += 1;
      },
    });
    await embedder.close();
    await embedder.close();
    expect(closed).toBe(1);
  });
});

describe("answers", () => {
  test("returns an error for one text, and rejects an unusable vector only for its own text", async () => {
    const refused = new BinnacleError("input_too_long", "too long");
    const embedder = make(() => [[1, 2], refused, [0, 0], [Number.NaN, 1]]);
    const { outcomes } = await embedder.embed(["a", "b", "c", "d"], asDocument);
    const invalid = expect.objectContaining({ code: "invalid_vector" });
    expect(outcomes).toEqual([Float32Array.of(1, 2), refused, invalid, invalid]);
  });

  test.each<[what: string, answer: unknown, message: RegExp]>([
    ["nothing", undefined, /got undefined/],
    ["one vector instead of a list", Float32Array.of(1, 2), /got a Float32Array/],
    ["the reply of a provider", { data: [] }, /got an object with data/],
    ["fewer vectors than texts", [[1, 2]], /1 vectors for 2 texts/],
    [
      "more vectors than texts",
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      /3 vectors for 2 texts/,
    ],
    [
      "another number of dimensions",
      [
        [1, 2],
        [1, 2, 3],
      ],
      /vector 1 has 3 numbers, but `dimensions` is 2/,
    ],
    ["an undefined vector", [[1, 2], undefined], /vector 1: .* undefined/],
    ["objects", [[1, 2], { embedding: [1, 2] }], /vector 1: .* an object with embedding/],
    ["texts", [[1, 2], "1,2"], /vector 1: .*the string/],
  ])("rejects the whole batch if the function returns %s", async (_, answer, message) => {
    await expect(make(returning(answer)).embed(["a", "b"], asDocument)).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringMatching(message),
    });
  });
});

describe("failures", () => {
  test("wraps an error of the function as retryable", async () => {
    const cause = new Error("429 slow down");
    const embedder = make(() => Promise.reject(cause));
    await expect(embedder.embed(["a"], asDocument)).rejects.toMatchObject({
      code: "embedding_failed",
      retryable: true,
      cause,
      message: 'createEmbedder "lengths": the function failed: 429 slow down',
    });
  });

  test("passes a BinnacleError on unchanged", async () => {
    const down = new BinnacleError("server_error", "down");
    await expect(make(() => Promise.reject(down)).embed(["a"], asDocument)).rejects.toBe(down);
  });

  test("stops waiting for a function that ignores its signal", async () => {
    const controller = new AbortController();
    const call = make(() => new Promise(() => undefined)).embed(["a"], {
      ...asDocument,
      signal: controller.signal,
    });
    controller.abort("gone");
    await expect(call).rejects.toBe("gone");
  });

  test.each<[what: string, inputs: unknown, message: RegExp]>([
    ["a text instead of a list", "a", /inputs: .*embed\(\[text\], …\)/],
    ["nothing", undefined, /inputs: .*undefined/],
    ["a promise", Promise.resolve(["a"]), /await it first/],
    ["an undefined text", ["a", undefined], /inputs\.1: .*undefined/],
    ["null", [null], /inputs\.0: .*null/],
    ["a number", [7], /inputs\.0: .*the number 7/],
    ["a promise of a text", [Promise.resolve("a")], /await it first/],
    ["a text under another key", [{ text: "a" }], /`text` is not a key of an input/],
    ["a part whose text is a number", [{ content: [{ type: "text", text: 7 }] }], /content\.0\.text: .*7/],
    ["an image without bytes", [{ content: [{ type: "image", image: "a.png" }] }], /content\.0\.image: /],
  ])("rejects %s before it calls the function", async (_, inputs: ReturnType<typeof JSON.parse>, message) => {
    const embedder = make(() => expect.unreachable());
    await expect(embedder.embed(inputs, asDocument)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(message),
    });
  });

  test("rejects wrong options and names each", () => {
    const wrong: ReturnType<typeof JSON.parse> = { id: "", dimensions: 0, embed: [], batchSize: 3 };
    expect(() => createEmbedder(wrong)).toThrow(/id: .*dimensions: .*embed: .*`batchSize` is not an option/s);
  });

  test("rejects wrong options of its methods", async () => {
    const embedder = make((texts) => texts.map(vectorOf));
    const wrong: ReturnType<typeof JSON.parse> = { role: "passage" };
    await expect(embedder.embed(["a"], wrong)).rejects.toMatchObject({ name: "ConfigurationError" });
    const date: ReturnType<typeof JSON.parse> = { deadlineAt: new Date() };
    await expect(embedder.describe(date)).rejects.toThrow(/deadlineAt: .*got a Date/);
    // A wrapping embedder may pass on the options of its own call.
    expect(await embedder.describe(asDocument)).toMatchObject({ space: { id: "lengths" } });
  });
});
