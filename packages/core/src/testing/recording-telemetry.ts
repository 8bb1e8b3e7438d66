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

/** Something that happened within a recorded span. */
export interface RecordedEvent {
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A span as it was reported. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the first span of a trace. */
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly RecordedEvent[];
  /** What it failed with; undefined if it did not fail. */
  readonly error: unknown;
  readonly isEnded: boolean;
}

/** A number as it was reported. */
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
 * Keeps everything that is reported, for tests. Unlike an adapter it throws if the rules of `Telemetry` are broken: a
 * malformed name, a name with two kinds or units, a value that is no finite number.
 */
export class RecordingTelemetry implements Telemetry {
  readonly #spans: OpenSpan[] = [];
  readonly #measurements: RecordedMeasurement[] = [];
  readonly #instruments = new Map<string, string>();

  /** Every span so far, in the order of their starts. */
  get spans(): readonly RecordedSpan[] {
    return this.#spans;
  }

  /** Every number so far, in order. */
  get measurements(): readonly RecordedMeasurement[] {
    return this.#measurements;
  }

  /** The numbers of one instrument, in order. */
  values(name: string): readonly number[] {
    return this.#measurements.filter((one) => one.name === name).map(({ value }) => value);
  }

  /** The names of spans that were started and not ended. */
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

  counter(name: string, options: InstrumentOptions): Counter {
    const record = this.#instrument("counter", name, options);
    return {
      add(amount, attributes) {
        if (amount < 0) throw new RangeError(`${name}: a counter only grows, got ${amount}`);
        record(amount, attributes);
      },
    };
  }

  histogram(name: string, options: InstrumentOptions): Histogram {
    return { record: this.#instrument("histogram", name, options) };
  }

  gauge(name: string, options: InstrumentOptions): Gauge {
    return { set: this.#instrument("gauge", name, options) };
  }

  #instrument(kind: RecordedMeasurement["kind"], name: string, { unit, description }: InstrumentOptions) {
    checkName(name);
    if (description === "") throw new TypeError(`${name}: a description is needed`);
    const before = this.#instruments.get(name) ?? `${kind} in ${unit}`;
    if (before !== `${kind} in ${unit}`)
      throw new TypeError(`${name} is a ${before}, not a ${kind} in ${unit}`);
    this.#instruments.set(name, before);
    return (value: number, attributes?: Attributes): void => {
      if (!Number.isFinite(value)) throw new RangeError(`${name}: expected a finite number, got ${value}`);
      this.#measurements.push({ kind, name, value, attributes: defined(attributes) });
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
