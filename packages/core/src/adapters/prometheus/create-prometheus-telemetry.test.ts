import { Counter, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FakeEmbedder } from "../../testing/fake-embedder.ts";
import { observeEmbedder } from "../../telemetry/observe-embedder.ts";
import { createPrometheusTelemetry } from "./create-prometheus-telemetry.ts";

const items = { unit: "items", description: "Things.", attributes: ["kind"] } as const;

describe("createPrometheusTelemetry", () => {
  test("shows the calls of an embedder as Prometheus text (Q14)", async () => {
    const registry = new Registry();
    const telemetry = createPrometheusTelemetry({ registry });
    const embedder = observeEmbedder(new FakeEmbedder(), { telemetry, provider: "tei" });
    await embedder.embed(["a", "b"], { role: "query" });
    const lines = (await registry.metrics()).split("\n");
    const labels = 'provider="tei",operation="embed",model="fake",role="query",error=""';
    expect(lines).toContain(`binnacle_embedder_duration_seconds_count{${labels}} 1`);
    expect(lines).toContain(
      'binnacle_embedder_inputs_total{provider="tei",model="fake",outcome="embedded"} 2',
    );
    expect(lines).toContain('binnacle_embedder_running{provider="tei"} 0');
    expect(lines).toContain("# TYPE binnacle_embedder_duration_seconds histogram");
    expect(lines.some((line) => line.includes(`le="0.001",${labels}`))).toBe(true);
  });

  test("adds the unit to a name, and total to a counter", async () => {
    const registry = new Registry();
    const telemetry = createPrometheusTelemetry({ registry });
    telemetry.histogram("binnacle.test.wait", { ...items, unit: "ms" }).record(250, { kind: "a" });
    telemetry.gauge("binnacle.test.size", { ...items, unit: "bytes" }).set(7);
    telemetry.counter("binnacle.test.read_tokens", { ...items, unit: "tokens" }).add(3);
    const text = await registry.metrics();
    expect(text).toContain('binnacle_test_wait_seconds_sum{kind="a"} 0.25');
    expect(text).toContain('binnacle_test_size_bytes{kind=""} 7');
    expect(text).toContain('binnacle_test_read_tokens_total{kind=""} 3');
  });

  test("bounds the series of a metric and counts the rest as other (Q48)", async () => {
    const registry = new Registry();
    const counter = createPrometheusTelemetry({ registry, maxSeries: 3 }).counter(
      "binnacle.test.calls",
      items,
    );
    for (let n = 0; n < 50; n++) counter.add(1, { kind: `user ${n}` });
    counter.add(1, { kind: "user 0" });
    const series = (await registry.metrics()).split("\n").filter((line) => line.startsWith("binnacle_test"));
    expect(series).toEqual([
      'binnacle_test_calls_total{kind="user 0"} 2',
      'binnacle_test_calls_total{kind="user 1"} 1',
      'binnacle_test_calls_total{kind="user 2"} 1',
      'binnacle_test_calls_total{kind="other"} 47',
    ]);
  });

  test("drops attributes that are not declared, and cuts long values", async () => {
    const registry = new Registry();
    const counter = createPrometheusTelemetry({ registry }).counter("binnacle.test.calls", items);
    counter.add(1, { kind: "x".repeat(500), user: "ada" });
    expect(await registry.metrics()).toContain(`{kind="${"x".repeat(120)}"} 1`);
  });

  test("shares a metric between two telemetries of one registry", async () => {
    const registry = new Registry();
    for (const kind of ["a", "b"])
      createPrometheusTelemetry({ registry }).counter("binnacle.test.calls", items).add(1, { kind });
    expect(await registry.metrics()).toMatch(/kind="a"\} 1\n.*kind="b"\} 1/);
  });

  test("refuses a name that the app uses for another kind of metric", () => {
    const registry = new Registry();
    new Counter({ name: "binnacle_test_level", help: "The app's own.", registers: [registry] });
    const telemetry = createPrometheusTelemetry({ registry });
    expect(() => telemetry.gauge("binnacle.test.level", items)).toThrow(ConfigurationError);
  });
});
