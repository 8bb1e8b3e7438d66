import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import { z } from "zod";
import { part } from "../../kit/parsing/part.ts";
import { once } from "../../kit/once.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";

/** Options of {@link createOpenTelemetry}. */
export interface OpenTelemetryOptions {
  /** Receives the spans. @default the global provider of `@opentelemetry/api` */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Receives the measurements. @default the global provider of `@opentelemetry/api` */
  readonly meterProvider?: MeterProvider | undefined;
}

const schema = once(() =>
  z.strictObject({
    tracerProvider: part<TracerProvider>(["getTracer"], "a TracerProvider of OpenTelemetry").optional(),
    meterProvider: part<MeterProvider>(["getMeter"], "a MeterProvider of OpenTelemetry").optional(),
  }),
);

/** Checks the options. Throws a `ConfigurationError` that lists every issue. */
export function parseOpenTelemetryOptions(options: OpenTelemetryOptions): OpenTelemetryOptions {
  return parseOptions("createOpenTelemetry", schema(), options);
}
