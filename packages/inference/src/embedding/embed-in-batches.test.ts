import { InferenceError, type InferenceErrorKind } from "@binnacle/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EmbedItem } from "./embed-item.ts";
import { embedInBatches, type EmbedInBatchesOptions } from "./embed-in-batches.ts";

const space = { id: "s", dimensions: 2 };
const vectorOf = (item: EmbedItem): Float32Array => Float32Array.of(item.length, 1);
const failure = (kind: InferenceErrorKind): InferenceError => new InferenceError(kind, { kind });

function options(over: Partial<EmbedInBatchesOptions> = {}): EmbedInBatchesOptions {
  const send: EmbedInBatchesOptions["send"] = (texts) =>
    Promise.resolve({ vectors: texts.map(vectorOf), tokens: texts.length });
  return { space, prefix: "", accepts: ["text"], maxItems: 4, maxBytes: 1000, concurrency: 2, send, ...over };
}

describe("embedInBatches", () => {
  test("reports one text that is too long and embeds all others, at any place and in any number (T22)", async () => {
    const text = fc.oneof(
      fc.constant("x".repeat(20)),
      fc.string({ minLength: 1, maxLength: 9, unit: "grapheme-ascii" }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        async (texts, maxItems) => {
          const result = await embedInBatches(
            texts,
            options({
              maxItems,
              send: (batch) => {
                if (batch.some((one) => one.length === 20)) return Promise.reject(failure("too-long"));
                return Promise.resolve({ vectors: batch.map(vectorOf), tokens: batch.length });
              },
            }),
          );
          expect(result.outcomes).toHaveLength(texts.length);
          for (const [index, one] of texts.entries()) {
            const outcome = result.outcomes[index];
            if (one.length === 20) expect(outcome).toMatchObject({ kind: "too-long" });
            else if (one.trim() === "") expect(outcome).toMatchObject({ code: "empty_input" });
            else
              expect(outcome).toEqual(
                Float32Array.from([one.length, 1], (n) => n / Math.hypot(one.length, 1)),
              );
          }
        },
      ),
    );
  });

  test("keeps batches within the limits of items, bytes and concurrency", async () => {
    const sizes: number[] = [];
    let running = 0;
    let most = 0;
    const send: EmbedInBatchesOptions["send"] = async (texts) => {
      sizes.push(texts.length);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { vectors: texts.map(vectorOf) };
    };
    const texts = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "日本語日本語"]; // 18 bytes
    const result = await embedInBatches(texts, options({ maxBytes: 19, concurrency: 3, send }));
    expect(sizes).toEqual([4, 4, 2, 1]);
    expect(most).toBe(3);
    expect(result.usage).toBeUndefined();
  });

  test("sums the usage over the batches", async () => {
    expect((await embedInBatches(["a", "b", "c", "d", "e", "f", "g"], options())).usage).toEqual({
      tokens: 7,
    });
  });

  test("puts the prefix before every text and sends a lone surrogate as U+FFFD", async () => {
    const sent: EmbedItem[] = [];
    const send: EmbedInBatchesOptions["send"] = (texts) => {
      sent.push(...texts);
      return Promise.resolve({ vectors: texts.map(vectorOf) });
    };
    await embedInBatches(
      ["a", { content: [{ type: "text", text: "b\ud83d" }] }, "🙂"],
      options({ prefix: "query: ", send }),
    );
    expect(sent).toEqual(["query: a", "query: b\ufffd", "query: 🙂"]);
  });

  test("never sends an empty text or an input that is not text", async () => {
    const image = { type: "image" as const, image: { mediaType: "image/png", data: new Uint8Array(1) } };
    const send = (): never => {
      throw new Error("sent");
    };
    const { outcomes } = await embedInBatches(
      ["", " \n", { content: [] }, { content: [image] }, { content: [{ type: "text", text: "a" }, image] }],
      options({ send }),
    );
    expect(outcomes.map((outcome) => "code" in outcome && outcome.code)).toEqual([
      ...Array<string>(3).fill("empty_input"),
      ...Array<string>(2).fill("unsupported"),
    ]);
  });

  test("reports a vector that is not finite or all zero as the error of its text alone (Q11)", async () => {
    const vectors = [Float32Array.of(3, 4), Float32Array.of(Number.NaN, 1), Float32Array.of(0, 0)];
    const { outcomes } = await embedInBatches(
      ["a", "b", "c"],
      options({ send: () => Promise.resolve({ vectors }) }),
    );
    expect(outcomes[0]).toEqual(Float32Array.of(0.6, 0.8));
    expect(outcomes.slice(1)).toEqual([1, 2].map(() => expect.objectContaining({ code: "invalid_vector" })));
  });

  test("rejects if vectors have another length, because the model was changed", async () => {
    const send = (): ReturnType<EmbedInBatchesOptions["send"]> =>
      Promise.resolve({ vectors: [Float32Array.of(1)] });
    await expect(embedInBatches(["a"], options({ send }))).rejects.toMatchObject({
      code: "invalid_response",
    });
  });

  test("reports texts that are refused as invalid and embeds their neighbours, also for whole batches (T22)", async () => {
    const texts = fc.array(fc.constantFrom("good", "bad"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (inputs, maxItems) => {
        const send: EmbedInBatchesOptions["send"] = (batch) =>
          batch.includes("bad")
            ? Promise.reject(failure("invalid-request"))
            : Promise.resolve({ vectors: batch.map(vectorOf) });
        const { outcomes } = await embedInBatches(inputs, options({ maxItems, send }));
        const invalid = expect.objectContaining({ kind: "invalid-request" });
        expect(outcomes).toEqual(inputs.map((one) => (one === "bad" ? invalid : expect.any(Float32Array))));
      }),
    );
  });

  test("rejects soon if the server refuses every text as invalid, and at once if it is down", async () => {
    let sent = 0;
    const refuse = (kind: InferenceErrorKind) => (): Promise<never> => {
      sent += 1;
      return Promise.reject(failure(kind));
    };
    const many = Array.from({ length: 100 }, (_, index) => `text ${index}`);
    for (const inputs of [["a"], ["a", "b"], many]) {
      sent = 0;
      await expect(
        embedInBatches(inputs, options({ send: refuse("invalid-request") })),
      ).rejects.toMatchObject({
        kind: "invalid-request",
      });
      expect(sent).toBeLessThanOrEqual(4);
    }
    sent = 0;
    await expect(embedInBatches(["a", "b"], options({ send: refuse("unreachable") }))).rejects.toMatchObject({
      kind: "unreachable",
    });
    expect(sent).toBe(1);
  });

  test("fails only the text whose vector holds null or NaN, and says so (E4)", async () => {
    const send = (): Promise<{ vectors: Float32Array[] }> =>
      Promise.resolve({ vectors: [Float32Array.of(1, 0), Float32Array.of(1, Number.NaN)] });
    const { outcomes } = await embedInBatches(["a", "b"], options({ send }));
    expect(outcomes[0]).toEqual(Float32Array.of(1, 0));
    expect(outcomes[1]).toMatchObject({
      code: "invalid_vector",
      message: expect.stringMatching(/null or NaN .* at position 1 of 2/),
    });
  });
});
