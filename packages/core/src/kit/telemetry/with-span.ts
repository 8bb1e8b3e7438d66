import type { CallOptions } from "../../spec/call-options.ts";
import type { Attributes, Span, Telemetry } from "../../spec/telemetry.ts";

/** A call that {@link withSpan} runs. */
export interface SpanCall<Options extends CallOptions> {
  readonly name: string;
  /** The caller's options. The call receives them with the span as parent. */
  readonly options: Options;
  /** Attributes that are known at the start. @default none */
  readonly attributes?: Attributes | undefined;
}

/**
 * Runs a call in a span and ends the span on every path. The call receives the caller's options with the
 * `traceparent` of the span. A failure marks the span as failed, unless the caller's signal is aborted.
 */
export async function withSpan<T, Options extends CallOptions>(
  telemetry: Telemetry,
  { name, options, attributes }: SpanCall<Options>,
  call: (options: Options, span: Span) => Promise<T>,
): Promise<T> {
  const span = telemetry.startSpan(name, { traceparent: options.traceparent, attributes });
  const { traceparent } = span;
  try {
    return await call(traceparent === undefined ? options : { ...options, traceparent }, span);
  } catch (error) {
    if (options.signal?.aborted === true) span.setAttributes({ "binnacle.aborted": true });
    else span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
