import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, onTestFinished, test } from "vitest";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { FakeEmbedder } from "../../testing/fake-embedder.ts";
import { FakeInferenceBackend } from "../../testing/fake-inference-backend.ts";
import { telemetryContract } from "../../testing/telemetry-contract.ts";
import { observeBackend } from "../../telemetry/observe-backend.ts";
import { observeEmbedder } from "../../telemetry/observe-embedder.ts";
import { createOpenTelemetry } from "./create-open-telemetry.ts";

/** OpenTelemetry's own SDK with exporters that keep everything in memory. */
function sdk() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => meterProvider.shutdown());
  const collected = async (): Promise<ReadonlyMap<string, MetricData>> => {
    await meterProvider.forceFlush();
    const scopes = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    return new Map(scopes.flatMap((scope) => scope.metrics).map((one) => [one.descriptor.name, one]));
  };
  return { telemetry: createOpenTelemetry({ tracerProvider, meterProvider }), spans, collected };
}

describe("createOpenTelemetry", () => {
  for (const { name, run } of telemetryContract(async () => sdk().telemetry)) test(name, run);

  test("names a generation as the GenAI conventions do (Q48)", async () => {
    const { telemetry, spans, collected } = sdk();
    const usage = { promptTokens: 12, completionTokens: 2 };
    const backend = new FakeInferenceBackend({ replies: [{ text: "an answer", usage }] });
    const request = { model: "fake", messages: [{ role: "user", content: "a question" }] } as const;
    await observeBackend(backend, { telemetry, provider: "llama-cpp" }).stream(request).result;
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({ name: "chat fake", kind: SpanKind.CLIENT });
    expect(span?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "llama-cpp",
      "gen_ai.request.model": "fake",
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.usage.output_tokens": 2,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
    });
    const metrics = await collected();
    expect(metrics.get("gen_ai.client.inference.duration")?.descriptor.unit).toBe("s");
    const tokens = metrics.get("gen_ai.client.inference.operation.output_tokens");
    expect(tokens).toMatchObject({ descriptor: { unit: "{token}" }, dataPoints: [{ value: { sum: 2 } }] });
    expect(tokens?.dataPoints[0]?.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "llama-cpp",
      "gen_ai.request.model": "fake",
    });
  });

  test("names embeddings as the GenAI conventions do, in milliseconds turned to seconds", async () => {
    const { telemetry, spans, collected } = sdk();
    const onEmbed = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    const embedder = observeEmbedder(new FakeEmbedder({ onEmbed }), { telemetry, provider: "tei" });
    await embedder.embed(["a"], { role: "query" });
    expect(spans.getFinishedSpans()[0]).toMatchObject({
      name: "embeddings",
      attributes: { "gen_ai.request.model": "fake", "binnacle.role": "query" },
    });
    const value = (await collected()).get("gen_ai.client.embeddings.duration")?.dataPoints[0]?.value;
    expect(value).toMatchObject({ count: 1, sum: expect.any(Number) });
    expect(Number(Reflect.get(Object(value), "sum"))).toBeGreaterThan(0.003);
    expect(Number(Reflect.get(Object(value), "sum"))).toBeLessThan(1);
  });

  test("names a call of a store as the database conventions do", async () => {
    const { telemetry, spans } = sdk();
    const attributes = { system: "qdrant", collection: "handbook" };
    telemetry.startSpan("binnacle.store.search", { attributes }).end();
    expect(spans.getFinishedSpans()[0]).toMatchObject({
      name: "search handbook",
      kind: SpanKind.CLIENT,
      attributes: {
        "db.system.name": "qdrant",
        "db.collection.name": "handbook",
        "db.operation.name": "search",
      },
    });
  });

  test("reports the message of our own errors, and only the class of others", () => {
    const { telemetry, spans } = sdk();
    const own = telemetry.startSpan("binnacle.store.get");
    own.fail(new BinnacleError("unreachable", "Cannot reach the store."));
    own.end();
    const other = telemetry.startSpan("binnacle.store.get");
    other.fail(new TypeError("the text of a user"));
    other.end();
    expect(
      spans.getFinishedSpans().map(({ status, attributes }) => [status, attributes["error.type"]]),
    ).toEqual([
      [{ code: SpanStatusCode.ERROR, message: "Cannot reach the store." }, "unreachable"],
      [{ code: SpanStatusCode.ERROR, message: "TypeError" }, "TypeError"],
    ]);
  });

  test("works without an SDK and records nothing", () => {
    const span = createOpenTelemetry().startSpan("binnacle.store.get");
    expect(span).toMatchObject({ isRecording: false, traceparent: undefined });
    span.end();
  });
});
