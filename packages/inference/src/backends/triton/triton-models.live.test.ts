import type { ContentPart } from "@binnacle/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, tritonMissing, type Triton } from "../../../../../tests/servers/triton.ts";
import { tensorFloats, tensorTexts } from "./tensors/tensor-bytes.ts";
import type { Tensor } from "./tensors/tensor.ts";
import { TritonBackend } from "./triton-backend.ts";
import { TritonClient } from "./triton-client.ts";
import { TritonEmbedder } from "./triton-embedder.ts";

const missing = await tritonMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const shape = [2, 2];
const tensors: readonly Tensor[] = [
  { name: "bool", datatype: "BOOL", shape, data: Uint8Array.of(1, 0, 0, 1) },
  { name: "u8", datatype: "UINT8", shape, data: Uint8Array.of(0, 1, 254, 255) },
  { name: "u16", datatype: "UINT16", shape, data: Uint16Array.of(0, 1, 65_534, 65_535) },
  { name: "u32", datatype: "UINT32", shape, data: Uint32Array.of(0, 1, 2, 0xffff_ffff) },
  { name: "u64", datatype: "UINT64", shape, data: BigUint64Array.of(0n, 1n, 2n, 2n ** 64n - 1n) },
  { name: "i8", datatype: "INT8", shape, data: Int8Array.of(-128, -1, 0, 127) },
  { name: "i16", datatype: "INT16", shape, data: Int16Array.of(-32_768, -1, 0, 32_767) },
  { name: "i32", datatype: "INT32", shape, data: Int32Array.of(-(2 ** 31), -1, 0, 2 ** 31 - 1) },
  { name: "i64", datatype: "INT64", shape, data: BigInt64Array.of(-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n) },
  { name: "f16", datatype: "FP16", shape, data: Uint16Array.of(0, 0x3c00, 0xc000, 0x7bff) },
  { name: "f32", datatype: "FP32", shape, data: Float32Array.of(0, 1.5, -2, 3e38) },
  { name: "bf16", datatype: "BF16", shape, data: Uint16Array.of(0, 0x3f80, 0xc000, 0x7f7f) },
  { name: "f64", datatype: "FP64", shape, data: Float64Array.of(0, 1.5, -2, 1e300) },
];
const picture: ContentPart = {
  type: "image",
  image: { mediaType: "image/png", data: Uint8Array.of(1, 2, 3) },
};

describe.skipIf(missing !== undefined)(`models on a real Triton${because}`, () => {
  let triton: Triton;
  beforeAll(async () => {
    triton = await startTriton({ own: true });
  });
  afterAll(() => triton.close());

  test.each(["gRPC", "HTTP"])("sends and reads every datatype over %s", async (transport) => {
    await using client = new TritonClient({ url: transport === "gRPC" ? triton.url : triton.httpUrl });
    const bytes: Tensor = {
      name: "bytes",
      datatype: "BYTES",
      shape,
      data: ["", "naïve 🙂", "a\u0000b", "日本"],
    };
    const { outputs } = await client.infer({ model: "identity", inputs: [...tensors, bytes] });
    for (const { name, datatype, data } of tensors)
      expect(outputs.find((one) => one.name === `${name}_out`)).toMatchObject({ datatype, shape, data });
    const texts = outputs.find(({ name }) => name === "bytes_out");
    expect(texts && tensorTexts(texts)).toEqual(bytes.data);
    const rounded: Tensor = {
      name: "f16",
      datatype: "FP16",
      shape,
      data: Float32Array.of(0.1, 1e6, -1e-7, 2049),
    };
    const [half] = (await client.infer({ model: "identity", inputs: [rounded] })).outputs;
    expect(half && [...(tensorFloats(half) ?? [])]).toEqual([
      0.0999755859375,
      Infinity,
      -1.1920928955078125e-7,
      2048,
    ]);
  });

  test("sends one tensor with a row per text, as the server's own statistics show (T17, T22, T50)", async () => {
    await using client = new TritonClient({ url: triton.url });
    await using embedder = new TritonEmbedder({ url: triton.url, model: "qwen3-vl" });
    expect(await embedder.describe()).toMatchObject({ maxItems: 32, space: { dimensions: 64 } });
    const before = await counters(client);
    const texts = Array.from({ length: 70 }, (_, index) => `text ${index}`);
    await embedder.embed(texts, { role: "document" });
    const after = await counters(client);
    expect(after.requests - before.requests).toBe(3);
    expect(after.inferences - before.inferences).toBe(70);
    expect(after.executions - before.executions).toBeLessThanOrEqual(3);
    expect(after.batches).toMatchObject({ 32: expect.any(Number) });
  });

  test("embeds texts, images and both in one batch (T16, T21)", async () => {
    await using embedder = new TritonEmbedder({ url: triton.url, model: "qwen3-vl" });
    const text: ContentPart = { type: "text", text: "a lighthouse" };
    const inputs = [
      "a lighthouse",
      { content: [text, picture] },
      { content: [picture] },
      { content: [picture, picture] },
    ];
    const { outcomes } = await embedder.embed(inputs, { role: "document" });
    const [alone, both, image, two] = outcomes;
    expect(alone).toBeInstanceOf(Float32Array);
    expect(both).not.toEqual(alone);
    expect(image).not.toEqual(both);
    expect(two).toMatchObject({
      kind: "invalid-request",
      message: expect.stringContaining("several images"),
    });
  });

  test("reports a vector with NaN in its own outcome", async () => {
    await using embedder = new TritonEmbedder({ url: triton.url, model: "qwen3-vl" });
    const { outcomes } = await embedder.embed(["one", "return NaN", "two"], { role: "document" });
    expect(outcomes).toMatchObject([
      expect.any(Float32Array),
      { code: "invalid_vector", message: expect.stringContaining("NaN") },
      expect.any(Float32Array),
    ]);
  });

  test("embeds a text of ten million characters", async () => {
    await using embedder = new TritonEmbedder({ url: triton.url, model: "qwen3-vl" });
    const { outcomes } = await embedder.embed(["a".repeat(10_000_000)], { role: "document" });
    expect(outcomes).toEqual([expect.any(Float32Array)]);
  });

  test("answers about an image, and refuses a field that the model has no input for (T11, T14, T15)", async () => {
    await using backend = new TritonBackend({ url: triton.url, model: "qwen3-vl" });
    const request = {
      messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello" }, picture] }],
    };
    expect(await backend.generate(request)).toMatchObject({
      text: "echo: hello [image of 3 bytes]",
      model: "qwen3-vl",
      finishReason: "stop",
    });
    await expect(backend.generate({ ...request, maxTokens: 5 })).rejects.toMatchObject({
      code: "unsupported",
      capability: "maxTokens",
    });
    await using lenient = new TritonBackend({ url: triton.url, model: "qwen3-vl", omit: ["maxTokens"] });
    expect((await lenient.generate({ ...request, maxTokens: 5 })).text).toContain("hello");
  });

  test("joins a character that is cut between two answers", async () => {
    await using backend = new TritonBackend({ url: triton.url, model: "text-stream" });
    const { text } = await backend.generate({ messages: [{ role: "user", content: "one SPLIT two" }] });
    expect(text).toBe("two é one");
  });

  test("reports the server, its models and their state", async () => {
    for (const url of [triton.url, triton.httpUrl]) {
      await using client = new TritonClient({ url });
      expect(await client.serverInfo()).toMatchObject({ name: "triton", version: "2.51.0" });
      expect(await client.isReady({ model: "slow", version: "1" })).toBe(true);
      expect(await client.model("text-stream")).toMatchObject({
        config: { isDecoupled: true, maxBatchSize: 0, backend: "python", instances: 1 },
        inputs: expect.arrayContaining([{ name: "image", datatype: "BYTES", shape: [-1] }]),
      });
      expect((await client.model("qwen3-vl")).config).toMatchObject({
        maxBatchSize: 32,
        optionalInputs: ["image", "mode"],
      });
      expect(await client.repository()).toContainEqual({
        name: "faulty",
        version: "1",
        state: "READY",
        reason: "",
      });
      await client.unload("half-embedder");
      await expect.poll(() => client.isReady({ model: "half-embedder" })).toBe(false);
      await client.load("half-embedder");
      expect(await client.isReady({ model: "half-embedder" })).toBe(true);
      await expect(client.load("unknown")).rejects.toMatchObject({ kind: "not-found", retryable: false });
      await expect(client.model("unknown")).rejects.toMatchObject({ kind: "not-found" });
    }
  });

  test("streams the answers of a decoupled model, the last with its final mark (T47)", async () => {
    await using client = new TritonClient({ url: triton.url });
    const inputs: readonly Tensor[] = [
      { name: "text_input", datatype: "BYTES", shape: [1], data: ["a b c"] },
      { name: "exclude_input_in_output", datatype: "BOOL", shape: [1], data: Uint8Array.of(1) },
    ];
    const finals: unknown[] = [];
    for await (const { parameters } of client.stream({ model: "text-stream", inputs }))
      finals.push(parameters["triton_final_response"]);
    expect(finals).toEqual([false, false, false, true]);
    await expect(client.infer({ model: "text-stream", inputs })).rejects.toMatchObject({
      code: "unsupported",
    });
  });

  test("refuses a batch of 33 rows in a raw call before it is sent", async () => {
    await using client = new TritonClient({ url: triton.url });
    const before = await counters(client);
    const message: Tensor = {
      name: "message",
      datatype: "BYTES",
      shape: [33, 1],
      data: Array<string>(33).fill("a"),
    };
    await expect(client.infer({ model: "qwen3-vl", inputs: [message] })).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("at most 32 rows, got 33"),
    });
    expect((await counters(client)).failed).toBe(before.failed);
  });
});

async function counters(client: TritonClient): Promise<{
  readonly requests: number;
  readonly inferences: number;
  readonly executions: number;
  readonly failed: number;
  readonly batches: Readonly<Record<number, number>>;
}> {
  const [model] = await client.statistics("qwen3-vl");
  if (model === undefined) throw new Error("no statistics");
  const batches = Object.fromEntries(model.batches.map(({ size, executions }) => [size, executions]));
  return { ...model, requests: model.succeeded, batches };
}
