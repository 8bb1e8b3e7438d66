import type { CallOptions } from "../../spec/call-options.ts";
import type { Attributes, Span, Telemetry } from "../../spec/telemetry.ts";

/** What {@link withSpan} needs to know of a call. */
export interface SpanCall<Options extends CallOptions> {
  readonly name: string;
  /** The caller's options; the call gets them with the span as parent. */
  readonly options: Options;
  /** @default none */
  readonly attributes?: Attributes | undefined;
}

/**
 * Runs a call in a span and ends the span on every path. The call receives the caller's options with the span's
 * `traceparent`, to hand down. A failure marks the span, unless the caller's signal was aborted.
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
