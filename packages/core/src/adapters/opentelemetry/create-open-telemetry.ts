import {
  context,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from "@opentelemetry/api";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { formatTraceparent, parseTraceparent } from "../../kit/telemetry/trace-context.ts";
import type { Span, SpanOptions, Telemetry } from "../../spec/telemetry.ts";
import type { Convention } from "./conventions.ts";
import { createInstruments } from "./create-instruments.ts";
import { parseOpenTelemetryOptions, type OpenTelemetryOptions } from "./open-telemetry-options.ts";
import { conventionOfSpan, spanName, translateAttributes } from "./translate.ts";

const scope = "@binnacle/core";

/**
 * Creates a telemetry that reports to OpenTelemetry. Spans and measurements of stores, embedders, backends and
 * retrievers have the names of OpenTelemetry's conventions for databases and generative AI. All others keep
 * the names of `Telemetry`. A span without a `traceparent` is a child of OpenTelemetry's active span, if there
 * is one.
 */
export function createOpenTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const { tracerProvider = trace.getTracerProvider(), meterProvider = metrics.getMeterProvider() } =
    parseOpenTelemetryOptions(options);
  const tracer = tracerProvider.getTracer(scope);
  const meter = meterProvider.getMeter(scope);
  return {
    startSpan: (name, spanOptions) => startSpan(tracer, name, spanOptions),
    ...createInstruments(meter),
  };
}

function startSpan(tracer: Tracer, name: string, { traceparent, attributes }: SpanOptions = {}): Span {
  const convention = conventionOfSpan(name);
  const isCall = /^binnacle\.(store|embedder|backend|reranker)\./.test(name);
  const operation = name.startsWith("binnacle.store.")
    ? { "db.operation.name": name.slice("binnacle.store.".length) }
    : {};
  const span = tracer.startSpan(
    spanName(name, convention, attributes),
    {
      kind: isCall ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes: { ...convention.fixed, ...operation, ...translateAttributes(convention, attributes) },
    },
    parentOf(traceparent),
  );
  return observed(span, convention);
}

function parentOf(traceparent: string | undefined): Context {
  const parent = parseTraceparent(traceparent);
  if (parent === undefined) return context.active();
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function observed(span: OtelSpan, convention: Convention): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  // Without an SDK, the ids are all zero or those of the parent.
  const own = formatTraceparent({ traceId, spanId, isSampled });
  return {
    isRecording: span.isRecording(),
    traceparent: parseTraceparent(own) === undefined ? undefined : own,
    setAttributes: (attributes) => void span.setAttributes(translateAttributes(convention, attributes)),
    addEvent: (name, attributes) => void span.addEvent(name, translateAttributes(convention, attributes)),
    fail: (error) => {
      span.setAttribute("error.type", errorType(error));
      // The message of another error may hold a text of the user, so only its class is reported.
      const message = BinnacleError.isInstance(error) ? error.message : errorType(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    },
    end: () => {
      if (span.isRecording()) span.end();
    },
  };
}

function errorType(error: unknown): string {
  if (BinnacleError.isInstance(error)) return error.code;
  return error instanceof Error ? error.name : "_OTHER";
}
