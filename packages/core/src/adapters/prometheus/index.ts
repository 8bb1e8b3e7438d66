/**
 * Counts measurements in a registry of prom-client, with a bound on the series of each metric.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/core-prometheus.ts}
 * @module core/prometheus
 */
export { createPrometheusTelemetry } from "./create-prometheus-telemetry.ts";
export { type PrometheusTelemetryOptions } from "./prometheus-options.ts";
