import { Counter, Gauge, Histogram } from "prom-client";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { noTelemetry } from "../../kit/telemetry/no-telemetry.ts";
import type { InstrumentOptions, Telemetry } from "../../spec/telemetry.ts";
import { bucketsOf } from "../buckets.ts";
import { LabelGuard, labelName } from "./label-guard.ts";
import { metricName } from "./metric-name.ts";
import { parsePrometheusOptions, type PrometheusTelemetryOptions } from "./prometheus-options.ts";

/**
 * Creates a telemetry that counts in a registry of prom-client. It takes no spans. Names are those of
 * `Telemetry` with underscores, a unit and `_total` for counters, such as `binnacle_store_duration_seconds`.
 * Several telemetries may share a registry. Creating an instrument throws a `ConfigurationError` if the
 * registry has another kind of metric under its name.
 */
export function createPrometheusTelemetry(options: PrometheusTelemetryOptions): Telemetry {
  const { registry, maxSeries } = parsePrometheusOptions(options);
  // A second telemetry, or a second part, counts in the same metric.
  const guards = new Map<string, LabelGuard>();
  const settings = (name: string, { description, attributes = [] }: InstrumentOptions) => {
    const guard = guards.get(name) ?? new LabelGuard(attributes, maxSeries);
    guards.set(name, guard);
    return { guard, config: { name, help: description, labelNames: attributes.map(labelName) } };
  };
  return {
    startSpan: (name) => noTelemetry.startSpan(name),
    counter: (ours, given) => {
      const name = metricName(ours, given.unit, true);
      const { guard, config } = settings(name, given);
      const before = registry.getSingleMetric(name);
      const counter = before ?? new Counter({ ...config, registers: [registry] });
      if (!(counter instanceof Counter)) throw otherKind(name, "counter");
      const scale = scaleOf(given);
      return { add: (amount, attributes) => counter.inc(guard.labelsOf(attributes), amount * scale) };
    },
    histogram: (ours, given) => {
      const name = metricName(ours, given.unit, false);
      const { guard, config } = settings(name, given);
      const buckets = [...bucketsOf[given.unit]];
      const before = registry.getSingleMetric(name);
      const histogram = before ?? new Histogram({ ...config, buckets, registers: [registry] });
      if (!(histogram instanceof Histogram)) throw otherKind(name, "histogram");
      const scale = scaleOf(given);
      return { record: (value, attributes) => histogram.observe(guard.labelsOf(attributes), value * scale) };
    },
    gauge: (ours, given) => {
      const name = metricName(ours, given.unit, false);
      const { guard, config } = settings(name, given);
      const before = registry.getSingleMetric(name);
      const gauge = before ?? new Gauge({ ...config, registers: [registry] });
      if (!(gauge instanceof Gauge)) throw otherKind(name, "gauge");
      const scale = scaleOf(given);
      return { set: (value, attributes) => gauge.set(guard.labelsOf(attributes), value * scale) };
    },
  };
}

function scaleOf({ unit }: InstrumentOptions): number {
  return unit === "ms" ? 0.001 : 1;
}

function otherKind(name: string, kind: string): ConfigurationError {
  const message = `the registry has another metric of this name, which is no ${kind}; use another registry`;
  return new ConfigurationError(`createPrometheusTelemetry: ${name}: ${message}`, {
    issues: [{ path: "registry", message: `${name}: ${message}` }],
  });
}
