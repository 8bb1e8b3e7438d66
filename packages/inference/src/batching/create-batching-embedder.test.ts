import { getEventListeners } from "node:events";
import { BinnacleError, type EmbedInput, type EmbedOptions, type EmbedResult } from "@binnacle/core";
import { embedderContract, FakeClock, FakeEmbedder, type FakeEmbedderOptions } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BatchingEmbedderOptions } from "./batching-embedder-options.ts";
import { createBatchingEmbedder } from "./create-batching-embedder.ts";

// As plain JavaScript passes it.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

/** An embedder that records its batches and reports one token per word. */
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
  /** Advances the clock until the promise settles. */
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let isDone = false;
    const watch = promise.finally(() => (isDone = true));
    watch.catch(() => undefined);
    for (let turn = 0; turn < 1_000 && !isDone; turn++) await clock.advance(5);
    return await promise;
  };
  return { clock, inner, embedder, embed, settle };
}

describe("keeps the embedder contract", () => {
  const create = async () => createBatchingEmbedder(new FakeEmbedder(), { maxDelayMs: 1 });
  for (const { name, run } of embedderContract(create)) test(name, run);
});

describe("batches", () => {
  test("puts calls of one input each into one batch and returns each its own vector (Q1, T22)", async () => {
    const { inner, embed, settle } = batching();
    const results = await settle(Promise.all(["a", "b", "c", "d", "e"].map((text) => embed(text))));
    expect(inner.batches).toEqual([["a", "b", "c", "d"], ["e"]]);
    const alone = await new FakeEmbedder().embed(["c"], { role: "document" });
    expect(results[2]?.outcomes).toEqual(alone.outcomes);
  });

  test("holds inputs of one tenant and priority, and passes on what its calls share", async () => {
    const { inner, embed, settle } = batching();
    const shared = { tenant: "t1", priority: 9, affinity: "s", requestId: "r1" };
    const calls = [
      embed("a", { ...shared, maxAttempts: 2 }),
      embed("b", { ...shared, requestId: "r2", maxAttempts: 1 }),
      embed("c", { tenant: "t2" }),
      embed("d"),
    ];
    await settle(Promise.all(calls));
    expect(inner.batches).toEqual([["a", "b"], ["c"], ["d"]]);
    expect(inner.seen[0]).toMatchObject({ tenant: "t1", priority: 9, affinity: "s", maxAttempts: 1 });
    expect(inner.seen[0]?.requestId).toBeUndefined();
    expect(inner.seen[1]).toMatchObject({ tenant: "t2" });
  });

  test("refuses one tenant too many while all others wait, and serves it later", async () => {
    const { embed, settle } = batching();
    const waiting = Array.from({ length: 256 }, (_, index) => embed("a", { tenant: `t${index}` }));
    const refused = expect(embed("a", { tenant: "late" })).rejects.toMatchObject({ code: "overloaded" });
    await settle(Promise.all(waiting));
    await refused;
    await settle(embed("a", { tenant: "late" }));
  });

  test("sends about one request per 32 inputs for 1,000 inputs of 64 callers (T50)", async () => {
    const { inner, embed, settle } = batching({ maxItems: 32 });
    let asked = 0;
    const caller = async (): Promise<void> => {
      while (asked < 1_000) await embed(`text ${asked++}`);
    };
    await settle(Promise.all(Array.from({ length: 64 }, caller)));
    expect(inner.batches.flat()).toHaveLength(1_000);
    expect(inner.batches.length).toBeLessThanOrEqual(40);
  });

  test("never mixes queries and documents in one batch", async () => {
    const { inner, embed, settle } = batching();
    await settle(Promise.all([embed("a"), embed("b", { role: "query" }), embed("c")]));
    expect(inner.batches.toSorted()).toEqual([["a", "c"], ["b"]]);
    expect(inner.seen.map(({ role }) => role).toSorted()).toEqual(["document", "query"]);
  });

  test("keeps a batch within its token and byte limits, unless a single input exceeds them (T22)", async () => {
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

  test("counts the bytes of an image", async () => {
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

  test("sends a call that is longer than the queue in order", async () => {
    const { inner, embedder, settle } = batching({ maxWaiting: 20, concurrency: 2 });
    const texts = Array.from({ length: 500 }, (_, index) => `number ${index}`);
    const { outcomes } = await settle(embedder.embed(texts, { role: "document" }));
    expect(inner.batches.flat()).toEqual(texts);
    expect(outcomes).toEqual((await new FakeEmbedder().embed(texts, { role: "document" })).outcomes);
  });

  test("answers any mix of calls as the inner embedder would", async () => {
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
});

describe("failures", () => {
  test("returns an error for one bad input and vectors for the other callers (Q1)", async () => {
    const { embed, settle } = batching({}, { maxCharacters: 3 });
    const results = await settle(Promise.all([embed("ok"), embed("too long"), embed("yes")]));
    expect(results.map(({ outcomes }) => BinnacleError.isInstance(outcomes[0]))).toEqual([
      false,
      true,
      false,
    ]);
  });

  test("rejects only the calls of the batch that failed", async () => {
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

  test("rejects further callers with code overloaded when the queue is full", async () => {
    const { embed, settle } = batching({ maxWaiting: 5, concurrency: 1, maxItems: 1 });
    const outcomes = await settle(
      Promise.allSettled(Array.from({ length: 20 }, (_, index) => embed(`${index}`))),
    );
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused.length).toBe(14);
    expect(refused[0]).toMatchObject({ reason: { code: "overloaded", retryable: true } });
  });

  test("rejects wrong options and names each", () => {
    const make = (options: BatchingEmbedderOptions) => () =>
      createBatchingEmbedder(new FakeEmbedder(), options);
    expect(make({ maxItems: 0 })).toThrow(/maxItems/);
    expect(make({ maxDelayMs: -1 })).toThrow(/maxDelayMs/);
  });

  test("rejects wrong arguments and names each", async () => {
    expect(() => createBatchingEmbedder(raw(undefined))).toThrow(
      /embedder: expected an Embedder, .* got undefined/,
    );
    const embedder = createBatchingEmbedder(new FakeEmbedder());
    await expect(embedder.embed(raw("text"), { role: "query" })).rejects.toThrow(/Pass it in an array/);
    await expect(embedder.embed(["text"], raw(undefined))).rejects.toThrow(
      /expected object, received undefined/,
    );
  });
});

describe("abort and deadline", () => {
  test("removes the inputs of an aborted call and its listener (Q1, T26)", async () => {
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

  test("starts the next call although the embedder ignores an abort", async () => {
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

  test("passes on the latest deadline of a batch and the trace that all its inputs share", async () => {
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
});

describe("results", () => {
  test("divides the tokens of a batch by length into parts that add up to the server's count", async () => {
    const { embed, settle } = batching();
    const results = await settle(
      Promise.all(["one", "two two", "three three three"].map((text) => embed(text))),
    );
    const tokens = results.map(({ usage }) => usage?.tokens ?? 0);
    expect(tokens.reduce((sum, count) => sum + count)).toBe(6);
    expect(tokens[2]).toBeGreaterThan(tokens[0] ?? 0);
  });

  test("describes its own batch limits, so that an indexer chooses windows that fit", async () => {
    const info = await batching({ maxItems: 8, concurrency: 3 }).embedder.describe();
    expect(info).toMatchObject({ maxItems: 8, concurrency: 3, space: { id: "fake" } });
    expect(await batching({ maxItems: 100 }).embedder.describe()).toMatchObject({
      maxItems: 32,
      concurrency: 2,
    });
  });

  test("leaves the inner embedder open when it closes", async () => {
    const { inner, embedder } = batching();
    await embedder.close();
    await expect(inner.describe()).resolves.toBeDefined();
  });
});
