import { getEventListeners } from "node:events";
import { BinnacleError, type EmbedInput, type EmbedOptions, type EmbedResult } from "@binnacle/core";
import { embedderContract, FakeClock, FakeEmbedder, type FakeEmbedderOptions } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BatchingEmbedderOptions } from "./batching-embedder-options.ts";
import { createBatchingEmbedder } from "./create-batching-embedder.ts";

describe("keeps the embedder contract", () => {
  const create = async () => createBatchingEmbedder(new FakeEmbedder(), { maxDelayMs: 1 });
  for (const { name, run } of embedderContract(create)) test(name, run);
});

/** An embedder that notes its batches and counts a token per word. */
class NotingEmbedder extends FakeEmbedder {
  readonly batches: string[][] = [];
  readonly seen: EmbedOptions[] = [];

  override async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    const texts = inputs.map(String);
    this.batches.push(texts);
    this.seen.push(options);
    const result = await super.embed(inputs, options);
    return { ...result, usage: { tokens: texts.join(" ").split(" ").length } };
  }
}

function batching(options: BatchingEmbedderOptions = {}, fakeOptions: FakeEmbedderOptions = {}) {
  const clock = new FakeClock(Date.now());
  const inner = new NotingEmbedder(fakeOptions);
  const embedder = createBatchingEmbedder(inner, { clock, maxItems: 4, maxDelayMs: 10, ...options });
  const embed = (text: string, call: Partial<EmbedOptions> = {}) =>
    embedder.embed([text], { role: "document", ...call });
  /** Moves the time until everything that was asked for is answered. */
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let isDone = false;
    const watch = promise.finally(() => (isDone = true));
    watch.catch(() => undefined);
    for (let turn = 0; turn < 1_000 && !isDone; turn++) await clock.advance(5);
    return await promise;
  };
  return { clock, inner, embedder, embed, settle };
}

test("calls of one input each share a batch, and each gets its own vector (Q1, T22)", async () => {
  const { inner, embed, settle } = batching();
  const results = await settle(Promise.all(["a", "b", "c", "d", "e"].map((text) => embed(text))));
  expect(inner.batches).toEqual([["a", "b", "c", "d"], ["e"]]);
  const alone = await new FakeEmbedder().embed(["c"], { role: "document" });
  expect(results[2]?.outcomes).toEqual(alone.outcomes);
});

test("1,000 inputs of 64 callers cost about one request per 32 (T50)", async () => {
  const { inner, embed, settle } = batching({ maxItems: 32 });
  let asked = 0;
  const caller = async (): Promise<void> => {
    while (asked < 1_000) await embed(`text ${asked++}`);
  };
  await settle(Promise.all(Array.from({ length: 64 }, caller)));
  expect(inner.batches.flat()).toHaveLength(1_000);
  expect(inner.batches.length).toBeLessThanOrEqual(40);
});

test("queries and documents are never in one batch", async () => {
  const { inner, embed, settle } = batching();
  await settle(Promise.all([embed("a"), embed("b", { role: "query" }), embed("c")]));
  expect(inner.batches.toSorted()).toEqual([["a", "c"], ["b"]]);
  expect(inner.seen.map(({ role }) => role).toSorted()).toEqual(["document", "query"]);
});

test("a batch holds no more tokens and bytes than allowed, unless one input alone does (T22)", async () => {
  const words = { ...new FakeEmbedder(), id: "words", count: (text: string) => text.split(" ").length };
  const tokenizer = { ...words, encode: () => new Uint32Array(), ends: () => new Uint32Array() };
  const { inner, embedder, settle } = batching({ maxTokens: 3, tokenizer });
  const role = "document";
  await settle(embedder.embed(["a a", "b", "c", "d d d d", "e"], { role }));
  expect(inner.batches).toEqual([["a a", "b"], ["c"], ["d d d d"], ["e"]]);
  const byBytes = batching({ maxBytes: 4 });
  await byBytes.settle(byBytes.embedder.embed(["éé", "a", "bbb"], { role }));
  expect(byBytes.inner.batches).toEqual([["éé"], ["a", "bbb"]]);
});

test("an image counts with its bytes", async () => {
  const image = { mediaType: "image/png", data: new Uint8Array(90) };
  const { inner, embedder, settle } = batching({ maxBytes: 100 });
  const pictured = {
    content: [
      { type: "text", text: "a cat" },
      { type: "image", image },
    ],
  } as const;
  await settle(embedder.embed([pictured, "five.", "sixsix"], { role: "document" }));
  expect(inner.batches.map(({ length }) => length)).toEqual([2, 1]);
});

test("one bad input is an error in its own outcome and costs the other callers nothing (Q1)", async () => {
  const { embed, settle } = batching({}, { maxCharacters: 3 });
  const results = await settle(Promise.all([embed("ok"), embed("too long"), embed("yes")]));
  expect(results.map(({ outcomes }) => BinnacleError.isInstance(outcomes[0]))).toEqual([false, true, false]);
});

test("a failure of the server rejects the calls of that batch only", async () => {
  let calls = 0;
  const onEmbed = (): void => {
    calls += 1;
    if (calls === 1) throw new BinnacleError("unreachable", "down", { retryable: true });
  };
  const { embed, settle } = batching({ maxItems: 2, concurrency: 1 }, { onEmbed });
  const outcomes = await settle(Promise.allSettled(["a", "b", "c"].map((text) => embed(text))));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(outcomes[0]).toMatchObject({ reason: { code: "unreachable" } });
});

test("an abort takes out the inputs of its own call and leaves no listener (Q1, T26)", async () => {
  const { clock, inner, embed, settle } = batching();
  const controller = new AbortController();
  const left = expect(embed("left", { signal: controller.signal })).rejects.toBe("gone");
  const others = Promise.all([embed("a"), embed("b")]);
  await clock.advance(5); // all three wait for a fourth
  controller.abort("gone");
  await left;
  expect(await settle(others)).toHaveLength(2);
  expect(inner.batches).toEqual([["a", "b"]]);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("an embedder that ignores its abort does not hold up the next call", async () => {
  const deaf = new FakeEmbedder();
  let calls = 0;
  const embedOnce = deaf.embed.bind(deaf);
  deaf.embed = (inputs, options) =>
    ++calls === 1 ? new Promise<EmbedResult>(() => undefined) : embedOnce(inputs, options);
  const embedder = createBatchingEmbedder(deaf, { maxItems: 1, concurrency: 1, maxDelayMs: 0 });
  const controller = new AbortController();
  const left = embedder.embed(["a"], { role: "document", signal: controller.signal });
  await expect.poll(() => calls).toBe(1);
  controller.abort("gone");
  await expect(left).rejects.toBe("gone");
  const next = await embedder.embed(["b"], { role: "document" });
  expect(next.outcomes).toHaveLength(1);
});

test("a batch gets the deadline of its most patient caller, and the trace that all its inputs share", async () => {
  const { clock, inner, embed, settle } = batching({ maxItems: 2 });
  const [soon, late] = [clock.now() + 60_000, clock.now() + 90_000];
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  await settle(
    Promise.all([
      embed("a", { deadlineAt: soon, traceparent }),
      embed("b", { deadlineAt: late, traceparent }),
    ]),
  );
  await settle(Promise.all([embed("c", { deadlineAt: soon, traceparent }), embed("d")]));
  expect(inner.seen).toMatchObject([
    { deadlineAt: late, traceparent },
    { deadlineAt: undefined, traceparent: undefined },
  ]);
});

test("the tokens of a batch are shared out by length and add up to what the server counted", async () => {
  const { embed, settle } = batching();
  const results = await settle(
    Promise.all(["one", "two two", "three three three"].map((text) => embed(text))),
  );
  const tokens = results.map(({ usage }) => usage?.tokens ?? 0);
  expect(tokens.reduce((sum, count) => sum + count)).toBe(6);
  expect(tokens[2]).toBeGreaterThan(tokens[0] ?? 0);
});

test("a call far longer than the queue passes through it, in order", async () => {
  const { inner, embedder, settle } = batching({ maxWaiting: 20, concurrency: 2 });
  const texts = Array.from({ length: 500 }, (_, index) => `number ${index}`);
  const { outcomes } = await settle(embedder.embed(texts, { role: "document" }));
  expect(inner.batches.flat()).toEqual(texts);
  expect(outcomes).toEqual((await new FakeEmbedder().embed(texts, { role: "document" })).outcomes);
});

test("too many callers at once are refused rather than kept", async () => {
  const { embed, settle } = batching({ maxWaiting: 5, concurrency: 1, maxItems: 1 });
  const outcomes = await settle(
    Promise.allSettled(Array.from({ length: 20 }, (_, index) => embed(`${index}`))),
  );
  const refused = outcomes.filter(({ status }) => status === "rejected");
  expect(refused.length).toBe(14);
  expect(refused[0]).toMatchObject({ reason: { code: "overloaded", retryable: true } });
});

test("it says how it batches, so that an indexer makes windows that fit", async () => {
  const info = await batching({ maxItems: 8, concurrency: 3 }).embedder.describe();
  expect(info).toMatchObject({ maxItems: 8, concurrency: 3, space: { id: "fake" } });
  expect(await batching({ maxItems: 100 }).embedder.describe()).toMatchObject({
    maxItems: 32,
    concurrency: 2,
  });
});

test("the embedder inside stays open", async () => {
  const { inner, embedder } = batching();
  await embedder.close();
  await expect(inner.describe()).resolves.toBeDefined();
});

test("any mix of calls is answered as the embedder inside would answer each", async () => {
  const call = fc.record({
    texts: fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 9 }),
    role: fc.constantFrom("query" as const, "document" as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
      const { embedder, settle } = batching({}, { maxCharacters: 8 });
      const results = await settle(
        Promise.all(calls.map(({ texts, role }) => embedder.embed(texts, { role }))),
      );
      const reference = new FakeEmbedder({ maxCharacters: 8 });
      for (const [index, { texts, role }] of calls.entries()) {
        const expected = await reference.embed(texts, { role });
        expect(results[index]?.outcomes.map(String)).toEqual(expected.outcomes.map(String));
      }
    }),
    { numRuns: 25 },
  );
});

test("options that make no sense are refused", () => {
  const make = (options: BatchingEmbedderOptions) => () =>
    createBatchingEmbedder(new FakeEmbedder(), options);
  expect(make({ maxItems: 0 })).toThrow(/maxItems/);
  expect(make({ maxDelayMs: -1 })).toThrow(/maxDelayMs/);
});
