import type { Span, Telemetry } from "../spec/telemetry.ts";

/**
 * Creates a telemetry that passes everything on to several others, such as traces to OpenTelemetry and
 * measurements to Prometheus. A span has the trace context of the first telemetry that gives one.
 */
export function combineTelemetry(...all: readonly Telemetry[]): Telemetry {
  return {
    startSpan: (name, options) => combineSpans(all.map((one) => one.startSpan(name, options))),
    counter: (name, options) => {
      const counters = all.map((one) => one.counter(name, options));
      return { add: (amount, attributes) => counters.forEach((one) => one.add(amount, attributes)) };
    },
    histogram: (name, options) => {
      const histograms = all.map((one) => one.histogram(name, options));
      return { record: (value, attributes) => histograms.forEach((one) => one.record(value, attributes)) };
    },
    gauge: (name, options) => {
      const gauges = all.map((one) => one.gauge(name, options));
      return { set: (value, attributes) => gauges.forEach((one) => one.set(value, attributes)) };
    },
  };
}

function combineSpans(spans: readonly Span[]): Span {
  return {
    isRecording: spans.some(({ isRecording }) => isRecording),
    traceparent: spans.find(({ traceparent }) => traceparent !== undefined)?.traceparent,
    setAttributes: (attributes) => spans.forEach((span) => span.setAttributes(attributes)),
    addEvent: (name, attributes) => spans.forEach((span) => span.addEvent(name, attributes)),
    fail: (error) => spans.forEach((span) => span.fail(error)),
    end: () => spans.forEach((span) => span.end()),
  };
}
