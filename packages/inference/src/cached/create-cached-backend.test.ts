import { ConfigurationError, type Cache, type GenerateRequest, type GenerationEvent } from "@binnacle/core";
import { FakeInferenceBackend, inferenceBackendContract, type FakeReply } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import type { CachedCallOptions } from "./cached-backend-options.ts";
import { createCachedBackend } from "./create-cached-backend.ts";

// As plain JavaScript passes it.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

const counted = "One two three four five six seven eight nine ten eleven twelve.";

for (const { name, run } of inferenceBackendContract(async () =>
  createCachedBackend(
    new FakeInferenceBackend({
      replies: [counted],
      countTokens: ({ messages }) => JSON.stringify(messages).length,
    }),
    {
      cache: mapCache().cache,
    },
  ),
)) {
  test(`${name}`, run);
}

/** Creates a cache over a map that the test can inspect. */
function mapCache() {
  const values = new Map<string, Uint8Array>();
  const cache: Cache = {
    getMany: async (keys) => keys.map((key) => values.get(key)),
    setMany: async (entries) => entries.forEach(([key, value]) => values.set(key, value)),
    deleteMany: async (keys) => keys.forEach((key) => values.delete(key)),
    stats: () => ({ hits: 0, misses: 0, errors: 0 }),
    health: async () => ({ status: "ok", latencyMs: 0 }),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { cache, values };
}

function setUp(replies: readonly [FakeReply, ...FakeReply[]] = ["first", "second", "third", "fourth"]) {
  const backend = new FakeInferenceBackend({ replies, capabilities: { tools: true, vision: true } });
  const { cache, values } = mapCache();
  return { backend, values, cache, cached: createCachedBackend(backend, { cache }) };
}

const question: GenerateRequest = { messages: [{ role: "user", content: "Why?" }], temperature: 0 };

async function eventsOf(stream: AsyncIterable<GenerationEvent>): Promise<readonly GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe("the key", () => {
  test("asks the model once for equal requests and says what came from the cache (T36)", async () => {
    const { cached, backend } = setUp();
    const first = await cached.generate(question);
    await new Promise(setImmediate);
    const second = await cached.generate({ temperature: 0, messages: [{ content: "Why?", role: "user" }] });
    expect(first).not.toHaveProperty("cachedForMs");
    expect(second).toMatchObject({ text: "first", model: "fake", cachedForMs: expect.any(Number) });
    expect(backend.requests).toHaveLength(1);
    expect(cached.stats()).toEqual({
      hits: 1,
      misses: 1,
      shared: 0,
      uncached: 0,
      corrupt: 0,
      cacheErrors: 0,
    });
  });

  test("neither looks up nor stores a request that is not deterministic (T36)", async () => {
    const { cached, values } = setUp();
    const { temperature: _, ...open } = question;
    const hot = { ...open, temperature: 0.2 };
    expect((await cached.generate(open)).text).toBe("first");
    expect((await cached.stream(open).result).text).toBe("second");
    expect((await cached.generate(hot)).text).toBe("third");
    expect((await cached.stream(hot).result).text).toBe("fourth");
    await cached.close();
    expect(values.size).toBe(0);
    expect(cached.stats()).toMatchObject({ uncached: 4, hits: 0, misses: 0 });
  });

  const other: readonly (readonly [string, GenerateRequest, CachedCallOptions | undefined])[] = [
  ["another message", { ...question, messages: [{ role: "user", content: "Why not?" }] }, undefined],
  ["another role", { ...question, messages: [{ role: "system", content: "Why?" }] }, undefined],
  ["an earlier turn", { ...question, messages: [{ role: "user", content: "Hello" }, ...question.messages] }, undefined],
  ["an image", { ...question, messages: [{ role: "user", content: [{ type: "text", text: "Why?" }, { type: "image", image: { mediaType: "image/png", data: new Uint8Array([1]) } }] }] }, undefined],
  ["a limit", { ...question, maxTokens: 5 }, undefined],
  ["a seed", { ...question, seed: 1 }, undefined],
  ["another seed and temperature", { ...question, temperature: 0.7, seed: 2 }, undefined],
  ["a stop text", { ...question, stop: ["."] }, undefined],
  ["top-p", { ...question, topP: 0.5 }, undefined],
  ["tools", { ...question, tools: [{ name: "look", parameters: { type: "object" } }] }, undefined],
  ["context ids", question, { contextIds: ["a"] }],
  ["other context ids", question, { contextIds: ["a", "b"] }],
  ["a tenant", question, { tenant: "a" }],
  ["another tenant", question, { tenant: "b" }],
]; // prettier-ignore

  test.each(other)("uses another key for %s (T36)", async (_, request, options) => {
    const { cached, backend } = setUp();
    await cached.generate(question);
    await cached.generate(request, options);
    await new Promise(setImmediate);
    await cached.generate(request, options);
    expect(backend.requests).toHaveLength(2);
  });

  test("uses other keys for another model behind the same backend", async () => {
    let model = "one";
    const { cache } = mapCache();
    const backend = new FakeInferenceBackend({ replies: ["first", "second"] });
    backend.capabilities = async () => ({ model, vision: false, jsonSchema: false, countsTokens: false });
    const cached = createCachedBackend(backend, { cache });
    await cached.generate(question);
    model = "two";
    expect((await cached.generate(question)).text).toBe("second");
  });

  test("passes contextIds to no driver", async () => {
    const { cached, backend } = setUp();
    const options: object[] = [];
    const { generate } = backend;
    backend.generate = (request, given) => {
      options.push(given ?? {});
      return generate.call(backend, request, given);
    };
    await cached.generate(question, { contextIds: ["a"], priority: 3 });
    expect(options).toEqual([expect.objectContaining({ priority: 3 })]);
    expect(options[0]).not.toHaveProperty("contextIds");
  });
});

test("stores a streamed answer, and streams a cached answer with all its parts", async () => {
  const reply = {
    text: "It is so.",
    reasoning: "Hm.",
    toolCalls: [{ id: "1", name: "look", arguments: '{"a":1}' }],
  };
  const { cached, backend } = setUp([reply, "second"]);
  const request: GenerateRequest = { ...question, tools: [{ name: "look", parameters: { type: "object" } }] };
  const first = await cached.stream(request).result;
  await new Promise(setImmediate);
  const stream = cached.stream(request);
  const events = await eventsOf(stream);
  expect(events[0]).toMatchObject({ type: "start", model: "fake", cachedForMs: expect.any(Number) });
  expect(events.at(-1)).toEqual({ type: "finish", reason: "tool-calls" });
  expect(await stream.result).toMatchObject({ ...first, cachedForMs: expect.any(Number) });
  expect(await cached.generate(request)).toMatchObject(reply);
  expect(backend.requests).toHaveLength(1);
});

test("never stores a stream that is left, cut or filtered", async () => {
  const replies: readonly [FakeReply, ...FakeReply[]] = [
    "a b c d",
    { text: "cut", cut: true },
    { text: "failed", error: new Error("broken") },
    { text: "hidden", finishReason: "content-filter" },
    "whole",
  ];
  const { cached, values } = setUp(replies);
  for await (const event of cached.stream(question)) if (event.type === "text") break;
  for (let i = 0; i < 2; i++) await expect(cached.stream(question).result).rejects.toThrow();
  expect((await cached.generate(question)).finishReason).toBe("content-filter");
  await new Promise(setImmediate);
  expect(values.size).toBe(0);
  expect((await cached.generate(question)).text).toBe("whole");
});

test("generates once for fifty equal requests, and an abort fails none of the others", async () => {
  const { cached, backend } = setUp();
  const controller = new AbortController();
  const leaving = cached.generate(question, { signal: controller.signal });
  const staying = Array.from({ length: 49 }, () => cached.generate(question));
  controller.abort("left");
  await expect(leaving).rejects.toBe("left");
  for (const one of staying) expect((await one).text).toBe("first");
  expect(backend.requests).toHaveLength(1);
});

test("counts foreign and cut bytes as misses (SB-R5)", async () => {
  const { cached, values } = setUp();
  await cached.generate(question);
  await new Promise(setImmediate);
  const [[key, whole] = ["", new Uint8Array()]] = values;
  for (const poison of [
    whole.slice(1),
    Buffer.from("{}"),
    Buffer.from(JSON.stringify({ key, madeAt: 1, result: { text: 1 } })),
  ]) {
    values.set(key, poison);
    expect((await cached.generate(question)).text).toMatch(/second|third|fourth/);
    await new Promise(setImmediate);
  }
  expect(cached.stats().corrupt).toBe(3);
});

test("asks the model if the cache rejects or the model's name is unknown", async () => {
  const { backend, cache } = setUp();
  const broken = new Error("broken");
  const errors: unknown[] = [];
  const failing = createCachedBackend(backend, {
    cache: { ...cache, getMany: () => Promise.reject(broken), setMany: () => Promise.reject(broken) },
    onEvent: ({ error }) => errors.push(error),
  });
  expect((await failing.generate(question)).text).toBe("first");
  await failing.close();
  expect(errors).toEqual([broken, broken]);
  const silent = new FakeInferenceBackend({ replies: ["answer"] });
  silent.capabilities = () => Promise.reject(broken);
  const cached = createCachedBackend(silent, { cache });
  expect((await cached.generate(question)).text).toBe("answer");
  expect(cached.stats().uncached).toBe(1);
});

test("returns the backend's health, and leaves the backend open", async () => {
  const { cached, backend } = setUp();
  expect(await cached.health()).toMatchObject({ status: "ok" });
  await cached.close();
  expect((await backend.generate(question)).text).toBe("first");
});

test("refuses wrong options and names each", () => {
  const wrong: object = { cache: {}, ttlMs: 0, tll: 1 };
  const attempt = () => Reflect.apply(createCachedBackend, undefined, [setUp().backend, wrong]);
  expect(attempt).toThrow(ConfigurationError);
  expect(attempt).toThrow(/cache: .*ttlMs: .*tll/s);
});

test("refuses wrong arguments before the cache or the backend is asked", async () => {
  const { cached, backend } = setUp();
  const wrap = (given: unknown) => () => createCachedBackend(raw(given), { cache: mapCache().cache });
  expect(wrap(undefined)).toThrow(/backend: expected an InferenceBackend, .* got undefined/);
  await expect(cached.generate(question, raw(null))).rejects.toThrow(ConfigurationError);
  await expect(cached.generate(question, { deadlineAt: raw(new Date(0)) })).rejects.toThrow(
    /deadlineAt: .*a Date/,
  );
  expect(() => cached.stream(question, { signal: raw(5) })).toThrow(/signal: .*number 5/);
  expect(backend.requests).toEqual([]);
});
