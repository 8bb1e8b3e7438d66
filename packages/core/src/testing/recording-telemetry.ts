import { formatTraceparent, parseTraceparent } from "../kit/telemetry/trace-context.ts";
import type {
  Attributes,
  AttributeValue,
  Counter,
  Gauge,
  Histogram,
  InstrumentOptions,
  Span,
  SpanOptions,
  Telemetry,
} from "../spec/telemetry.ts";

/** An event of a recorded span. */
export interface RecordedEvent {
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A recorded span. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the first span of a trace. */
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly RecordedEvent[];
  /** The argument of the last `fail`. Undefined if the span did not fail. */
  readonly error: unknown;
  readonly isEnded: boolean;
}

/** A recorded measurement. */
export interface RecordedMeasurement {
  readonly kind: "counter" | "histogram" | "gauge";
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

interface OpenSpan extends RecordedSpan {
  readonly attributes: Record<string, AttributeValue>;
  readonly events: RecordedEvent[];
  error: unknown;
  isEnded: boolean;
}

/**
 * Records all telemetry for tests. Unlike an adapter, it throws if a caller breaks the rules of `Telemetry`.
 * Examples are a malformed name, a name with two kinds or units, an attribute that was not declared, and a
 * value that is not finite.
 */
export class RecordingTelemetry implements Telemetry {
  readonly #spans: OpenSpan[] = [];
  readonly #measurements: RecordedMeasurement[] = [];
  readonly #instruments = new Map<string, string>();

  /** All spans so far, in the order of their starts. */
  get spans(): readonly RecordedSpan[] {
    return this.#spans;
  }

  /** All measurements so far, in order. */
  get measurements(): readonly RecordedMeasurement[] {
    return this.#measurements;
  }

  /** Returns the values of one instrument, in order. */
  values(name: string): readonly number[] {
    return this.#measurements.filter((one) => one.name === name).map(({ value }) => value);
  }

  /** Names of the spans that have not ended. */
  openSpans(): readonly string[] {
    return this.#spans.filter(({ isEnded }) => !isEnded).map(({ name }) => name);
  }

  startSpan(name: string, options: SpanOptions = {}): Span {
    checkName(name);
    const parent = parseTraceparent(options.traceparent);
    const number = (this.#spans.length + 1).toString(16);
    const span: OpenSpan = {
      name,
      traceId: parent?.traceId ?? number.padStart(32, "0"),
      spanId: number.padStart(16, "0"),
      parentSpanId: parent?.spanId,
      attributes: defined(options.attributes),
      events: [],
      error: undefined,
      isEnded: false,
    };
    this.#spans.push(span);
    return handleOf(span, parent?.isSampled ?? true);
  }

  /** Adds to a counter. */
  counter(name: string, options: InstrumentOptions): Counter {
    const record = this.#instrument("counter", name, options);
    return {
      add(amount, attributes) {
        if (amount < 0) throw new RangeError(`${name}: a counter only grows, got ${amount}`);
        record(amount, attributes);
      },
    };
  }

  /** Records one value of a distribution. */
  histogram(name: string, options: InstrumentOptions): Histogram {
    return { record: this.#instrument("histogram", name, options) };
  }

  /** Sets a gauge. */
  gauge(name: string, options: InstrumentOptions): Gauge {
    return { set: this.#instrument("gauge", name, options) };
  }

  #instrument(
    kind: RecordedMeasurement["kind"],
    name: string,
    { unit, description, attributes: allowed = [] }: InstrumentOptions,
  ) {
    checkName(name);
    if (description === "") throw new TypeError(`${name}: \`description\` must not be empty`);
    const before = this.#instruments.get(name) ?? `${kind} in ${unit}`;
    if (before !== `${kind} in ${unit}`)
      throw new TypeError(`${name} is a ${before}, not a ${kind} in ${unit}`);
    this.#instruments.set(name, before);
    return (value: number, attributes?: Attributes): void => {
      if (!Number.isFinite(value)) throw new RangeError(`${name}: expected a finite number, got ${value}`);
      const given = defined(attributes);
      const unknown = Object.keys(given).filter((key) => !allowed.includes(key));
      if (unknown.length > 0) throw new TypeError(`${name}: declare the attributes ${unknown.join(", ")}`);
      this.#measurements.push({ kind, name, value, attributes: given });
    };
  }
}

function handleOf(span: OpenSpan, isSampled: boolean): Span {
  return {
    isRecording: true,
    traceparent: formatTraceparent({ traceId: span.traceId, spanId: span.spanId, isSampled }),
    setAttributes(attributes) {
      Object.assign(span.attributes, defined(attributes));
    },
    addEvent(name, attributes) {
      span.events.push({ name, attributes: defined(attributes) });
    },
    fail(error) {
      span.error = error;
    },
    end() {
      span.isEnded = true;
    },
  };
}

function checkName(name: string): void {
  if (/^binnacle(\.[a-z][a-z0-9_]*){2,}$/.test(name)) return;
  throw new TypeError(`"${name}" must be dotted lower-case words: binnacle.<part>.<thing>`);
}

function defined(attributes: Attributes = {}): Record<string, AttributeValue> {
  const kept: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) kept[name] = value;
  return kept;
}
