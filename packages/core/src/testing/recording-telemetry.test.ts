import { describe, expect, test } from "vitest";
import { RecordingTelemetry } from "./recording-telemetry.ts";
import { telemetryContract } from "./telemetry-contract.ts";

describe("RecordingTelemetry", () => {
  for (const { name, run } of telemetryContract(async () => new RecordingTelemetry())) test(name, run);

  test("records spans with their parents, attributes, events, failures and ends", () => {
    const telemetry = new RecordingTelemetry();
    const outer = telemetry.startSpan("binnacle.test.outer", { attributes: { a: 1, gone: undefined } });
    const inner = telemetry.startSpan("binnacle.test.inner", { traceparent: outer.traceparent });
    inner.addEvent("retry", { attempt: 2 });
    inner.fail("why");
    inner.end();
    outer.setAttributes({ a: 2 });
    expect(telemetry.openSpans()).toEqual(["binnacle.test.outer"]);
    const [first, second] = telemetry.spans;
    expect(first).toMatchObject({ attributes: { a: 2 }, parentSpanId: undefined, isEnded: false });
    expect(second).toMatchObject({
      traceId: first?.traceId,
      parentSpanId: first?.spanId,
      events: [{ name: "retry", attributes: { attempt: 2 } }],
      error: "why",
      isEnded: true,
    });
  });

  test("records every measurement with its attributes", () => {
    const telemetry = new RecordingTelemetry();
    const hits = telemetry.counter("binnacle.test.hits", {
      unit: "items",
      description: "Hits.",
      attributes: ["tier"],
    });
    hits.add(1, { tier: "memory" });
    hits.add(2);
    expect(telemetry.values("binnacle.test.hits")).toEqual([1, 2]);
    expect(telemetry.measurements[0]).toEqual({
      kind: "counter",
      name: "binnacle.test.hits",
      value: 1,
      attributes: { tier: "memory" },
    });
  });

  test("throws for names and values that break the rules", () => {
    const telemetry = new RecordingTelemetry();
    const options = { unit: "ms", description: "A time." } as const;
    for (const name of ["search", "binnacle.search", "binnacle.Store.x", "binnacle..x"]) {
      expect(() => telemetry.startSpan(name), name).toThrow(TypeError);
    }
    const time = telemetry.histogram("binnacle.test.time", options);
    expect(() => telemetry.counter("binnacle.test.time", options)).toThrow(/is a histogram in ms/);
    expect(() => telemetry.histogram("binnacle.test.time", { ...options, unit: "bytes" })).toThrow(TypeError);
    expect(() => time.record(Number.NaN)).toThrow(RangeError);
    expect(() => time.record(1, { user: "ada" })).toThrow(/declare the attributes user/);
    expect(() => telemetry.counter("binnacle.test.count", options).add(-1)).toThrow(RangeError);
  });
});
