/**
 * The value of an attribute. It is never a credential, a prompt or a document's text. Attributes of a
 * measurement take their values from a small set, so they hold no ids, no questions and no addresses that a
 * caller chooses.
 */
export type AttributeValue = string | number | boolean;

/** Attributes by name. Names are dotted lower-case words, such as `error.code`. Undefined values are
 * omitted. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/**
 * The unit of a measurement. Times are always in milliseconds; an adapter converts them if its system uses
 * seconds. Names of instruments contain no unit, because an adapter adds the unit that its system expects.
 */
export type TelemetryUnit = "ms" | "bytes" | "tokens" | "items" | "ratio";

/** Options of an instrument. */
export interface InstrumentOptions {
  readonly unit: TelemetryUnit;
  /** Says in one sentence what the instrument measures. */
  readonly description: string;
  /** Names of the attributes that measurements may have. An adapter drops other attributes. @default none */
  readonly attributes?: readonly string[] | undefined;
}

/** A sum that only grows. */
export interface Counter {
  /** Adds `amount`, which is at least 0, to the sum of these attributes. */
  add(amount: number, attributes?: Attributes): void;
}

/** A distribution of numbers. */
export interface Histogram {
  /** Adds a number to the distribution of these attributes. */
  record(value: number, attributes?: Attributes): void;
}

/** The latest value of a number that rises and falls. */
export interface Gauge {
  /** Replaces the value of these attributes. */
  set(value: number, attributes?: Attributes): void;
}

/** Options of {@link Telemetry.startSpan}. */
export interface SpanOptions {
  /** Trace context of the parent, as in `CallOptions`. If it is missing or malformed, the span starts a new
   * trace.
   * @default none */
  readonly traceparent?: string | undefined;
  /** Attributes that are known at the start. @default none */
  readonly attributes?: Attributes | undefined;
}

/** One operation and its duration. */
export interface Span {
  /** False if the span is not recorded. Callers can then skip costly attributes. */
  readonly isRecording: boolean;
  /** W3C trace context of this span, to pass on in `CallOptions`. Undefined if the span has none. */
  readonly traceparent: string | undefined;
  /** Adds attributes. Existing names get the new value. */
  setAttributes(attributes: Attributes): void;
  /** Records an event at the current time, such as `retry` or `cache.miss`. */
  addEvent(name: string, attributes?: Attributes): void;
  /** Marks the span as failed. Do not call it for an abort by the caller, which is not a failure. */
  fail(error: unknown): void;
  /** Ends the span. Only the first call counts. */
  end(): void;
}

/**
 * Receives spans and measurements from all parts of Binnacle. No method throws or waits.
 *
 * Names are dotted lower-case words: `binnacle`, the part, and the operation or quantity. Examples are the
 * span `binnacle.store.search`, the counter `binnacle.cache.hits` and the histogram
 * `binnacle.embedder.duration`. Names of counters are plural nouns. A name always has the same kind and unit. A
 * second call with a name returns the same instrument.
 */
export interface Telemetry {
  /** Starts a span. The caller must end it on every path. */
  startSpan(name: string, options?: SpanOptions): Span;
  /** Adds to a counter. */
  counter(name: string, options: InstrumentOptions): Counter;
  /** Records one value of a distribution. */
  histogram(name: string, options: InstrumentOptions): Histogram;
  /** Sets a gauge. */
  gauge(name: string, options: InstrumentOptions): Gauge;
}
