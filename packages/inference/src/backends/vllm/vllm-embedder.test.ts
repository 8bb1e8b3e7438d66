import { createReplayingFetch, type RecordedExchange, type RecordedResponse } from "@binnacle/core/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { readEmbeddings } from "./vllm-embeddings.ts";
import { VllmEmbedder } from "./vllm-embedder.ts";
import { parseEmbedderOptions, type VllmEmbedderOptions, type VllmEmbedderSettings } from "./vllm-options.ts";

const url = "http://vllm";
const json = (value: unknown): RecordedResponse => ({ body: JSON.stringify(value) });
const facts: readonly RecordedExchange[] = [
  { request: { path: "/version" }, response: json({ version: "0.32.0" }) },
  {
    request: { path: "/v1/models" },
    response: json({ data: [{ id: "BAAI/bge-m3", max_model_len: 8192 }] }),
  },
];
const answered = (response: RecordedResponse): RecordedExchange => ({
  request: { method: "POST", path: "/v1/embeddings" },
  response,
});

interface Item {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly shape: readonly number[];
}

/** An answer of raw bytes as vLLM 0.32 sends it, with the last index first. */
function bytes(vectors: readonly (readonly number[])[], change: (items: Item[]) => Item[] = (i) => i) {
  let start = 0;
  const items = vectors.map((vector, position) => {
    const item = { index: vectors.length - 1 - position, start, end: start + vector.length * 4 };
    start = item.end;
    return { ...item, embed_dtype: "float32", endianness: "little", shape: [vector.length] };
  });
  const metadata = JSON.stringify({ data: change(items), usage: { prompt_tokens: 5 } });
  const body = new Uint8Array(Float32Array.from(vectors.flat()).buffer);
  return answered({ headers: { "content-type": "application/octet-stream", metadata }, body });
}
const base64 = (...vectors: readonly (readonly number[])[]): RecordedExchange =>
  answered(
    json({
      data: vectors.map((vector, index) => ({
        index,
        embedding: Buffer.from(Float32Array.from(vector).buffer).toString("base64"),
      })),
    }),
  );

function replay(exchanges: readonly RecordedExchange[], options: Partial<VllmEmbedderOptions> = {}) {
  const replaying = createReplayingFetch(exchanges);
  const embedder = new VllmEmbedder({ url, fetch: replaying.fetch, maxAttempts: 1, ...options });
  const sent = () => replaying.requests.flatMap(({ body }) => (body === "" ? [] : [JSON.parse(body)]));
  return { replaying, embedder, sent };
}

test("has a schema with exactly the interface's options", () => {
  expectTypeOf<keyof VllmEmbedderSettings>().toEqualTypeOf<keyof VllmEmbedderOptions>();
  expect(() => new VllmEmbedder({ url: `${url}/v1` })).toThrow(/must not end with \/v1/);
  expect(parseEmbedderOptions({ url })).toMatchObject({ url, maxItems: 32, pooling: "model" });
});

describe("vectors on the wire", () => {
  test("reads vectors from raw bytes and places them by their index (T18)", async () => {
    const { embedder, sent } = replay([
      ...facts,
      bytes([[3, 4]]),
      bytes([
        [0, 5],
        [6, 8],
      ]),
    ]);
    const { outcomes, usage } = await embedder.embed(["a", "b"], { role: "document" });
    expect(outcomes).toEqual([Float32Array.of(0.6, 0.8), Float32Array.of(0, 1)]);
    expect(usage).toEqual({ tokens: 5 });
    expect(sent().at(-1)).toEqual({
      input: ["a", "b"],
      encoding_format: "bytes",
      embed_dtype: "float32",
      endianness: "little",
    });
  });

  test("asks for base64 in batches whose description would not fit into a header", async () => {
    const texts = Array.from({ length: 101 }, (_, index) => `text ${index}`);
    const { embedder, sent } = replay([...facts, bytes([[3, 4]]), base64(...texts.map(() => [3, 4]))], {
      maxItems: 200,
    });
    expect((await embedder.embed(texts, { role: "document" })).outcomes).toHaveLength(101);
    expect(sent().at(-1)).toMatchObject({ encoding_format: "base64" });
  });

  test("falls back to base64 and then to numbers on servers that refuse a format, and stays there", async () => {
    const refused = (format: string): RecordedExchange =>
      answered({
        status: 400,
        body: JSON.stringify({
          error: {
            message: `[{'type': 'literal_error', 'loc': ('body', 'encoding_format'), 'input': '${format}'}]`,
            type: "BadRequestError",
            code: 400,
          },
        }),
      });
    const numbers = answered(json({ data: [{ index: 0, embedding: [3, 4] }] }));
    const { embedder, sent } = replay([...facts, refused("bytes"), refused("base64"), numbers, numbers]);
    await embedder.embed(["a"], { role: "document" });
    expect(sent().map(({ encoding_format: format }) => format)).toEqual([
      "bytes",
      "base64",
      "float",
      "float",
    ]);
  });

  test("copies each vector out of a body that lies in a larger memory, as the HTTP client gives it", () => {
    const memory = Buffer.alloc(64 * 1024, 0xff);
    const body = memory.subarray(1002, 1018);
    body.set(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    const item = { embed_dtype: "float32", endianness: "little", shape: [2] };
    const data = [
      { ...item, index: 0, start: 0, end: 8 },
      { ...item, index: 1, start: 8, end: 16 },
    ];
    const header = (name: string): string | null => (name === "metadata" ? JSON.stringify({ data }) : null);
    const { vectors } = readEmbeddings("vLLM", { body, header }, 2);
    expect(vectors).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  });

  test("reads the format that comes, whichever was asked for", async () => {
    const { embedder } = replay([...facts, base64([3, 4])]);
    expect(await embedder.describe()).toMatchObject({ space: { dimensions: 2 } });
  });

  test.each([
    ["too few bytes", (items: Item[]) => items.map((item) => ({ ...item, end: item.end - 4 }))],
    ["another shape", (items: Item[]) => items.map((item) => ({ ...item, shape: [3] }))],
    ["bytes outside the body", (items: Item[]) => items.map((item) => ({ ...item, start: 400, end: 408 }))],
    ["an index outside", (items: Item[]) => items.map((item) => ({ ...item, index: 7 }))],
    ["a vector that is missing", () => []],
    ["an empty vector", (items: Item[]) => items.map((item) => ({ ...item, end: item.start, shape: [0] }))],
  ])("refuses vectors with %s", async (_, change) => {
    const { embedder } = replay([...facts, bytes([[3, 4]], change)]);
    await expect(embedder.describe()).rejects.toMatchObject({ code: "invalid_response", replica: url });
  });
});

test("reports a text over the limit in its own outcome", async () => {
  const tooLong = {
    status: 400,
    body: '{"error":{"message":"This model\'s maximum context length is 256 tokens. However, you requested 600","type":"BadRequestError","code":400}}',
  };
  const { embedder } = replay([
    ...facts,
    bytes([[3, 4]]),
    answered(tooLong),
    bytes([[3, 4]]),
    answered(tooLong),
  ]);
  const { outcomes } = await embedder.embed(["a", "b"], { role: "document" });
  expect(outcomes).toEqual([Float32Array.of(0.6, 0.8), expect.objectContaining({ kind: "too-long" })]);
});

test("sends dimensions, and rejects without halving if the model cannot be cut", async () => {
  const refused = {
    status: 400,
    body: '{"error":{"message":"Model \\"m\\" does not support matryoshka representation, changing output dimensions will lead to poor results.","type":"BadRequestError","code":400}}',
  };
  const { embedder, sent } = replay([...facts, answered(refused)], { dimensions: 64 });
  await expect(embedder.embed(["a", "b"], { role: "document" })).rejects.toMatchObject({
    kind: "unsupported",
    retryable: false,
  });
  expect(sent()).toEqual([expect.objectContaining({ dimensions: 64 })]);
});

describe("images", () => {
  const image = { type: "image" as const, image: { mediaType: "image/png", data: Uint8Array.of(1, 2, 3) } };
  const shown = { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } };
  const text = { type: "text" as const, text: "tides" };

  test("sends an image alone or before its text, one chat per request, in the form of Qwen3-VL-Embedding (T16, T21)", async () => {
    const { embedder, sent } = replay(
      [...facts, bytes([[3, 4]]), bytes([[3, 4]]), bytes([[4, 3]]), bytes([[0, 1]])],
      {
        images: "qwen3-vl",
        concurrency: 1,
      },
    );
    expect(await embedder.describe()).toMatchObject({
      space: { id: "BAAI/bge-m3;pooling=last;template=qwen3-vl;l2;2" },
      accepts: ["text", "image", "text+image"],
      maxItems: 1,
    });
    const inputs = [{ content: [image] }, { content: [text, image] }, "tides"];
    const { outcomes } = await embedder.embed(inputs, { role: "document" });
    expect(outcomes).toEqual([Float32Array.of(0.6, 0.8), Float32Array.of(0.8, 0.6), Float32Array.of(0, 1)]);
    const system = { role: "system", content: [{ type: "text", text: "Represent the user's input." }] };
    const answer = { role: "assistant", content: [{ type: "text", text: "" }] };
    const chat = (...content: readonly object[]) => ({
      messages: [system, { role: "user", content }, answer],
      continue_final_message: true,
      add_special_tokens: true,
      encoding_format: "bytes",
    });
    expect(sent().slice(1)).toMatchObject([chat(shown), chat(shown, text), chat(text)]);
  });

  test("puts the words of VLM2Vec's training beside an image (T16)", async () => {
    const { embedder, sent } = replay([...facts, bytes([[3, 4]]), bytes([[3, 4]])], { images: "vlm2vec" });
    await embedder.embed([{ content: [image] }], { role: "document" });
    expect((await embedder.describe()).space.id).toBe("BAAI/bge-m3;pooling=last;template=vlm2vec;l2;2");
    const content = [shown, { type: "text", text: "Represent the given image." }];
    expect(sent().at(-1)).toMatchObject({ messages: [{ role: "user", content }] });
  });

  test("refuses an image before it is sent if no family is named", async () => {
    const { embedder, sent } = replay([...facts, bytes([[3, 4]])]);
    const { outcomes } = await embedder.embed([{ content: [image] }], { role: "document" });
    expect(outcomes).toEqual([expect.objectContaining({ name: "UnsupportedError" })]);
    expect(sent()).toHaveLength(1);
  });
});
