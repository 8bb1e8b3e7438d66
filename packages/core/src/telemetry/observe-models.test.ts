import { describe, expect, test } from "vitest";
import { BinnacleError } from "../errors/binnacle-error.ts";
import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import { embedderContract } from "../testing/embedder-contract.ts";
import { FakeEmbedder } from "../testing/fake-embedder.ts";
import { FakeInferenceBackend } from "../testing/fake-inference-backend.ts";
import { FakeReranker } from "../testing/fake-reranker.ts";
import { inferenceBackendContract } from "../testing/inference-backend-contract/inference-backend-contract.ts";
import { RecordingTelemetry } from "../testing/recording-telemetry.ts";
import { rerankerContract } from "../testing/reranker-contract.ts";
import { observeBackend } from "./observe-backend.ts";
import { observeEmbedder } from "./observe-embedder.ts";
import { observeReranker } from "./observe-reranker.ts";

const provider = "fake";
const observed = () => ({ telemetry: new RecordingTelemetry(), provider });
const messages = [{ role: "user", content: "Where is the key?" }] as const;

describe("an observed embedder", () => {
  const create = async () => observeEmbedder(new FakeEmbedder(), observed());
  for (const { name, run } of embedderContract(create)) test(name, run);

  test("reports inputs by outcome, the model, and the span's place in the trace (T10)", async () => {
    const { telemetry } = observed();
    const embedder = observeEmbedder(new FakeEmbedder({ maxCharacters: 10 }), { telemetry, provider });
    const parent = telemetry.startSpan("binnacle.test.parent");
    const options = { role: "query", traceparent: parent.traceparent } as const;
    await embedder.embed(["short", "much too long for it"], options);
    expect(telemetry.spans[1]).toMatchObject({
      name: "binnacle.embedder.embed",
      parentSpanId: telemetry.spans[0]?.spanId,
      attributes: { provider, model: "fake", role: "query", items: 2 },
      isEnded: true,
    });
    const inputs = telemetry.measurements.filter(({ name }) => name === "binnacle.embedder.inputs");
    expect(inputs.map(({ value, attributes }) => [attributes["outcome"], value])).toEqual([
      ["embedded", 1],
      ["failed", 1],
    ]);
    const duration = telemetry.measurements.find(({ name }) => name === "binnacle.embedder.duration");
    expect(duration?.attributes).toEqual({ provider, operation: "embed", model: "fake", role: "query" });
  });

  test("reports a failure by its code, and throws the same error", async () => {
    const { telemetry } = observed();
    const error = new BinnacleError("unreachable", "The server is down.");
    const onEmbed = () => Promise.reject(error);
    const embedder = observeEmbedder(new FakeEmbedder({ onEmbed }), { telemetry, provider });
    await expect(embedder.embed(["a"], { role: "query" })).rejects.toBe(error);
    expect(telemetry.spans).toMatchObject([{ error, isEnded: true }]);
    expect(telemetry.measurements.at(-1)?.attributes).toMatchObject({ error: "unreachable" });
    expect(telemetry.values("binnacle.embedder.running")).toEqual([1, 0]);
  });
});

describe("an observed reranker", () => {
  const create = async () => observeReranker(new FakeReranker(), observed());
  for (const { name, run } of rerankerContract(create)) test(name, run);
});

describe("an observed backend", () => {
  const usage = { promptTokens: 7, completionTokens: 3 };
  const fake = () => new FakeInferenceBackend({ replies: [{ text: "one two three", usage }] });
  const create = async () => observeBackend(fake(), observed());
  for (const { name, run } of inferenceBackendContract(create)) test(name, run);

  test.each(["generate", "stream"] as const)("reports tokens and the end of %s (T10)", async (operation) => {
    const { telemetry } = observed();
    const backend = observeBackend(fake(), { telemetry, provider });
    const request = { messages, maxTokens: 9, model: "fake" };
    if (operation === "generate") await backend.generate(request);
    else await backend.stream(request).result;
    expect(telemetry.spans).toMatchObject([
      {
        name: `binnacle.backend.${operation}`,
        attributes: { provider, model: "fake", max_tokens: 9, finish_reason: "stop", output_tokens: 3 },
        error: undefined,
        isEnded: true,
      },
    ]);
    expect(telemetry.values("binnacle.backend.output_tokens")).toEqual([3]);
    expect(telemetry.values("binnacle.backend.first_token")).toHaveLength(operation === "stream" ? 1 : 0);
    expect(JSON.stringify(telemetry.spans)).not.toMatch(/Where is|one two/);
  });

  test("ends the span of a stream whose loop is left, and reports no failure", async () => {
    const { telemetry } = observed();
    for await (const event of observeBackend(fake(), { telemetry, provider }).stream({ messages }))
      if (event.type === "text") break;
    expect(telemetry.spans).toMatchObject([
      { error: undefined, attributes: { "binnacle.aborted": true }, isEnded: true },
    ]);
    expect(telemetry.measurements.at(-1)?.attributes).toMatchObject({ error: "aborted" });
  });

  test("reports a stream that breaks", async () => {
    const { telemetry } = observed();
    const backend = new FakeInferenceBackend({ replies: [{ text: "half", cut: true }] });
    const stream = observeBackend(backend, { telemetry, provider }).stream({ messages });
    await expect(stream.result).rejects.toThrow();
    expect(telemetry.measurements.at(-1)?.attributes).toMatchObject({ error: "inference_interrupted" });
  });

  test("reports the result of a health check", async () => {
    const { telemetry } = observed();
    const down = new FakeInferenceBackend({ replies: ["a"], health: { status: "down", latencyMs: 1 } });
    await observeBackend(down, { telemetry, provider }).health();
    expect(telemetry.values("binnacle.backend.health")).toEqual([0]);
  });
});

test("returns the part itself without telemetry, so that it costs nothing (T10)", () => {
  const options = { telemetry: noTelemetry, provider };
  const [embedder, backend] = [new FakeEmbedder(), new FakeInferenceBackend({ replies: ["a"] })];
  expect(observeEmbedder(embedder, options)).toBe(embedder);
  expect(observeBackend(backend, options)).toBe(backend);
  const reranker = new FakeReranker();
  expect(observeReranker(reranker, options)).toBe(reranker);
});
