/**
 * Reports spans and measurements to OpenTelemetry, under the names of its conventions for databases and
 * generative AI.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/core-opentelemetry.ts}
 * @module core/opentelemetry
 */
export { conventionVersions } from "./conventions.ts";
export { createOpenTelemetry } from "./create-open-telemetry.ts";
export { type OpenTelemetryOptions } from "./open-telemetry-options.ts";
