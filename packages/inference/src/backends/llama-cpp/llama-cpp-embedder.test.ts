import { createReplayingFetch, type RecordedExchange } from "@binnacle/core/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";
import {
  parseEmbedderOptions,
  type LlamaCppEmbedderOptions,
  type LlamaCppEmbedderSettings,
} from "./llama-cpp-options.ts";

const url = "http://llama-server";
const json = (value: unknown): { body: string } => ({ body: JSON.stringify(value) });
const vectors = (...embeddings: readonly (readonly number[])[]): { body: string } =>
  json({ data: embeddings.map((embedding, index) => ({ index, embedding })) });
const embeddings = (response: RecordedExchange["response"]): RecordedExchange => ({
  request: { method: "POST", path: "/v1/embeddings" },
  response,
});
const facts: readonly RecordedExchange[] = [
  { request: { path: "/v1/models" }, response: json({ data: [{ id: "/srv/models/nomic-v2.gguf" }] }) },
  { request: { path: "/props" }, response: json({ total_slots: 3 }) },
  embeddings(vectors([3, 4])),
];

function replay(exchanges: readonly RecordedExchange[], options: Partial<LlamaCppEmbedderOptions> = {}) {
  const replaying = createReplayingFetch(exchanges);
  return { replaying, embedder: new LlamaCppEmbedder({ url, fetch: replaying.fetch, ...options }) };
}

test("has a schema with exactly the interface's options", () => {
  expectTypeOf<keyof LlamaCppEmbedderSettings>().toEqualTypeOf<keyof LlamaCppEmbedderOptions>();
  expect(parseEmbedderOptions({ url })).toEqual({
    url,
    headers: {},
    connectTimeoutMs: 10_000,
    maxAttempts: 3,
    queryPrefix: "",
    documentPrefix: "",
    pooling: "model",
    maxItems: 32,
    maxBatchBytes: 262_144,
    requestTimeoutMs: 120_000,
  });
});

test("names the space after the model's file, without its folder or address", async () => {
  const { embedder, replaying } = replay(facts, { pooling: "cls", revision: "2", suggestedMinScore: 0.4 });
  expect(await embedder.describe()).toMatchObject({
    space: { id: "nomic-v2@2;pooling=cls;l2;2", dimensions: 2, suggestedMinScore: 0.4 },
    concurrency: 3,
  });
  expect(JSON.parse(replaying.requests.at(-1)?.body ?? "")).toEqual({
    input: ["a"],
    encoding_format: "base64",
  });
});

test("returns vectors of length 1 (Q11)", async () => {
  const { embedder } = replay([...facts, embeddings(vectors([0, -5]))]);
  const { outcomes } = await embedder.embed(["tides"], { role: "document" });
  expect(outcomes).toEqual([Float32Array.of(0, -1)]);
});

describe("the facts of the server", () => {
  test("rejects after the model behind the address changed, and asks for its facts again in the next call", async () => {
    const { embedder, replaying } = replay([...facts, embeddings(vectors([1, 2, 3])), ...facts]);
    await expect(embedder.embed(["tides"], { role: "query" })).rejects.toMatchObject({
      code: "invalid_response",
    });
    await embedder.describe();
    replaying.assertDone();
  });

  test("asks again after a failed describe", async () => {
    const refused: RecordedExchange = {
      request: { path: "/v1/models" },
      response: { failure: "ECONNREFUSED" },
    };
    const { embedder } = replay([refused, ...facts], { maxAttempts: 1 });
    await expect(embedder.describe()).rejects.toMatchObject({ kind: "unreachable" });
    expect(await embedder.describe()).toMatchObject({ space: { dimensions: 2 } });
  });

  test("shares one request among callers that describe at once, and an abort ends only its own caller's wait", async () => {
    const { embedder, replaying } = replay(facts);
    const controller = new AbortController();
    const leaving = embedder.describe({ signal: controller.signal });
    const staying = embedder.describe();
    controller.abort("left");
    await expect(leaving).rejects.toBe("left");
    expect(await staying).toMatchObject({ concurrency: 3 });
    replaying.assertDone();
  });
});

describe("LlamaCppEmbedder", () => {
  test("sends no request for an empty list, with or without a known space", async () => {
    const { embedder, replaying } = replay(facts);
    expect(await embedder.embed([], { role: "query" })).toEqual({ spaceId: "", outcomes: [] });
    expect(replaying.requests).toEqual([]);
    const { space } = await embedder.describe();
    expect(await embedder.embed([], { role: "query" })).toEqual({ spaceId: space.id, outcomes: [] });
    expect(replaying.requests).toHaveLength(facts.length);
  });

  test("refuses wrong arguments before anything is sent", async () => {
    const { embedder, replaying } = replay([]);
    const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
    const role = { role: "query" } as const;
    await expect(embedder.embed(raw("text"), role)).rejects.toThrow(/inputs: .*"text"\. Pass it in an array/);
    await expect(embedder.embed(raw(undefined), role)).rejects.toThrow(/expected an array, got undefined/);
    await expect(embedder.embed(["text"], raw({}))).rejects.toThrow(/role: .*got undefined/);
    await expect(embedder.embed(["text"], raw(null))).rejects.toThrow(/expected object, received null/);
    expect(replaying.requests).toEqual([]);
  });

  test("refuses vectors that have no numbers", async () => {
    const { embedder } = replay([...facts.slice(0, 2), embeddings(vectors([]))]);
    await expect(embedder.describe()).rejects.toMatchObject({ code: "invalid_response" });
  });

  test("retries a batch after a proxy's 408 instead of halving it (D1)", async () => {
    const texts = Array.from({ length: 32 }, (_, index) => `text ${index}`);
    const refused = embeddings({ status: 408, body: "Request Timeout" });
    const { embedder, replaying } = replay([...facts, refused, refused, refused]);
    await expect(embedder.embed(texts, { role: "document" })).rejects.toMatchObject({
      kind: "overloaded",
      retryable: true,
      attempts: Array(3).fill({ replica: url, kind: "overloaded", afterMs: expect.any(Number) }),
    });
    expect(replaying.requests).toHaveLength(facts.length + 3);
    const passing = replay([...facts, refused, embeddings(vectors(...texts.map(() => [3, 4])))]);
    const { outcomes } = await passing.embedder.embed(texts, { role: "document" });
    expect(outcomes.every((outcome) => outcome instanceof Float32Array)).toBe(true);
  });

  test("embeds images, alone or with a text, and puts the prefix before the text", async () => {
    const [models, , probe] = facts;
    const seeing: RecordedExchange = {
      request: { path: "/props" },
      response: json({ total_slots: 1, modalities: { vision: true } }),
    };
    const exchanges = [models, seeing, probe].filter((one) => one !== undefined);
    const { embedder, replaying } = replay([...exchanges, embeddings(vectors([3, 4], [4, 3], [0, 2]))], {
      documentPrefix: "passage: ",
    });
    const image = { type: "image" as const, image: { mediaType: "image/png", data: Uint8Array.of(1, 2, 3) } };
    const text = { type: "text" as const, text: "tides" };
    const inputs = [{ content: [image] }, { content: [text, image] }, { content: [image, text] }];
    const { outcomes } = await embedder.embed(inputs, { role: "document" });
    expect(outcomes).toEqual([Float32Array.of(0.6, 0.8), Float32Array.of(0.8, 0.6), Float32Array.of(0, 1)]);
    expect((await embedder.describe()).accepts).toEqual(["text", "image", "text+image"]);
    // An input must not end with an image, because build 11669 would abort. So a line break follows.
    const end = { type: "text", text: "\n" };
    const shown = { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } };
    expect(JSON.parse(replaying.requests.at(-1)?.body ?? "")).toMatchObject({
      input: [
        { content: [shown, end] },
        { content: [{ type: "text", text: "passage: tides" }, shown, end] },
        { content: [shown, { type: "text", text: "passage: tides" }] },
      ],
    });
  });
});
