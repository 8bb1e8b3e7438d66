import { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "../spec/call-options.ts";
import type { Health } from "../spec/health.ts";
import type { Attributes, Gauge, Histogram, Span, Telemetry } from "../spec/telemetry.ts";

/** Options of {@link ObservedPart}. */
export interface ObservedPartOptions {
  readonly telemetry: Telemetry;
  /** The part, such as `store`. Names of spans and instruments begin with `binnacle` and this word. */
  readonly part: string;
  /** Attributes of all spans and measurements, such as `system`. */
  readonly labels: Attributes;
  /** Names of further attributes of the duration, such as `collection`. @default none */
  readonly attributes?: readonly string[] | undefined;
}

/** A call that {@link ObservedPart.run} observes. */
export interface ObservedCall<Options extends CallOptions | undefined> {
  readonly operation: string;
  /** The caller's options. */
  readonly options: Options;
  /** Attributes of the span. Those that {@link ObservedPartOptions.attributes} names also label the duration.
   * @default none */
  readonly attributes?: Attributes | undefined;
}

/** A call that has started. */
export interface OpenCall {
  readonly span: Span;
  /** Milliseconds since the start. */
  elapsedMs(): number;
  /** Adds attributes to the span, and to the duration those that label it. */
  setAttributes(attributes: Attributes): void;
  /** Ends the call. `isAborted` marks a call that its caller gave up. Only the first call counts. */
  end(outcome?: { readonly error: unknown; readonly isAborted: boolean }): void;
}

/**
 * Reports the calls of one part: a span for each call, a histogram of durations by operation and error, and a
 * gauge of running calls.
 */
export class ObservedPart {
  /** Attributes of all measurements. */
  readonly labels: Attributes;
  readonly #telemetry: Telemetry;
  readonly #part: string;
  readonly #attributes: readonly string[];
  readonly #durations: Histogram;
  readonly #running: Gauge;
  readonly #health: Gauge;
  #count = 0;

  constructor({ telemetry, part, labels, attributes = [] }: ObservedPartOptions) {
    const names = Object.keys(labels);
    this.labels = labels;
    this.#telemetry = telemetry;
    this.#part = part;
    this.#attributes = attributes;
    this.#durations = telemetry.histogram(`binnacle.${part}.duration`, {
      unit: "ms",
      description: `Duration of the calls of a ${part}.`,
      attributes: [...names, "operation", ...attributes, "error"],
    });
    this.#running = telemetry.gauge(`binnacle.${part}.running`, {
      unit: "items",
      description: `Calls of a ${part} that are running.`,
      attributes: names,
    });
    this.#health = telemetry.gauge(`binnacle.${part}.health`, {
      unit: "ratio",
      description: `Result of the last health check of a ${part}: 1 is ok, 0.5 degraded, 0 down.`,
      attributes: names,
    });
  }

  /** Runs a call in a span. The call gets the options with the span as parent. */
  async run<T, Options extends CallOptions | undefined>(
    { operation, options, attributes }: ObservedCall<Options>,
    call: (options: Options, open: OpenCall) => Promise<T>,
  ): Promise<T> {
    const open = this.start(operation, options?.traceparent, attributes);
    try {
      const result = await call(withParent(options, open.span.traceparent), open);
      open.end();
      return result;
    } catch (error) {
      open.end({ error, isAborted: options?.signal?.aborted === true });
      throw error;
    }
  }

  /** Starts a call that the caller ends, such as a stream. */
  start(operation: string, traceparent: string | undefined, attributes: Attributes = {}): OpenCall {
    const startedAt = performance.now();
    const known = { ...this.labels, ...attributes };
    const span = this.#telemetry.startSpan(`binnacle.${this.#part}.${operation}`, {
      traceparent,
      attributes: known,
    });
    const labels: Record<string, Attributes[string]> = { ...this.labels, operation };
    const label = (given: Attributes): void => {
      for (const name of this.#attributes) if (name in given) labels[name] = given[name];
    };
    label(attributes);
    this.#count += 1;
    this.#running.set(this.#count, this.labels);
    let isOpen = true;
    return {
      span,
      elapsedMs: () => performance.now() - startedAt,
      setAttributes: (given) => {
        span.setAttributes(given);
        label(given);
      },
      end: (outcome) => {
        if (!isOpen) return;
        isOpen = false;
        this.#count -= 1;
        this.#running.set(this.#count, this.labels);
        this.#durations.record(performance.now() - startedAt, { ...labels, error: failure(span, outcome) });
        span.end();
      },
    };
  }

  /** Reports the result of a health check. */
  checked(health: Health): Health {
    const value = health.status === "ok" ? 1 : health.status === "down" ? 0 : 0.5;
    this.#health.set(value, this.labels);
    return health;
  }
}

/** Marks the span by the outcome, and returns the value of the attribute `error`. */
function failure(span: Span, outcome: Parameters<OpenCall["end"]>[0]): string | undefined {
  if (outcome === undefined) return undefined;
  if (outcome.isAborted) {
    span.setAttributes({ "binnacle.aborted": true });
    return "aborted";
  }
  span.fail(outcome.error);
  return BinnacleError.isInstance(outcome.error) ? outcome.error.code : "unexpected_error";
}

/** Returns the options with the span as parent. Options that are no object go on to the part's own checks. */
export function withParent<Options extends CallOptions | undefined>(
  options: Options,
  traceparent: string | undefined,
): Options {
  const isChecked = options === undefined || (typeof options === "object" && options !== null);
  return traceparent === undefined || !isChecked ? options : { ...options, traceparent };
}
