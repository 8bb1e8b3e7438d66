/**
 * A value beside a span, an event or a measurement. Never a credential, a prompt or a document's text. Beside a
 * measurement, only a value from a small set: no id, no question, no address that a caller chooses.
 */
export type AttributeValue = string | number | boolean;

/** Attributes by name. Names are dotted lower-case words: `binnacle.collection`, `error.code`. Undefined is left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/**
 * The unit of a measurement. Times are milliseconds everywhere; an adapter converts them if its system counts in
 * seconds. Names hold no unit, because an adapter adds the one that its system expects.
 */
export type TelemetryUnit = "ms" | "bytes" | "tokens" | "items" | "ratio";

/** What an instrument measures. */
export interface InstrumentOptions {
  readonly unit: TelemetryUnit;
  /** One sentence for a person. */
  readonly description: string;
}

/** A number that only grows. */
export interface Counter {
  /** Adds to the sum of these attributes; `amount` is at least 0. */
  add(amount: number, attributes?: Attributes): void;
}

/** Many numbers, of which the distribution matters. */
export interface Histogram {
  /** Adds one number to the distribution of these attributes. */
  record(value: number, attributes?: Attributes): void;
}

/** A number that goes up and down, of which the latest matters. */
export interface Gauge {
  /** Replaces the latest number of these attributes. */
  set(value: number, attributes?: Attributes): void;
}

/** Options of {@link Telemetry.startSpan}. */
export interface SpanOptions {
  /** The parent, as in `CallOptions`. A missing or malformed one starts a new trace. @default none */
  readonly traceparent?: string | undefined;
  /** What is known at the start. @default none */
  readonly attributes?: Attributes | undefined;
}

/** One piece of work and how long it took. */
export interface Span {
  /** False if nobody records the span, so that costly attributes need not be made. */
  readonly isRecording: boolean;
  /** The W3C trace context of this span, to hand down in `CallOptions`. Undefined if the span has none. */
  readonly traceparent: string | undefined;
  /** Adds attributes; a name that is there already gets the new value. */
  setAttributes(attributes: Attributes): void;
  /** Notes that something happened now: `retry`, `cache.miss`. */
  addEvent(name: string, attributes?: Attributes): void;
  /** Marks the span as failed. An abort by the caller is not a failure; do not report it here. */
  fail(error: unknown): void;
  /** Ends the span; only the first call counts. */
  end(): void;
}

/**
 * Receives what stores, caches, embedders, backends, sources and answerers do. No method throws or waits.
 *
 * Names are dotted lower-case words, first `binnacle`, then the part, then the thing: the span `binnacle.store.search`,
 * the counter `binnacle.cache.hits`, the histogram `binnacle.embed.duration`. Counters are plural nouns. An instrument's
 * name always has the same kind and unit; asking for it again returns the same instrument.
 */
export interface Telemetry {
  /** Starts a span. Whoever starts it ends it, on every path. */
  startSpan(name: string, options?: SpanOptions): Span;
  counter(name: string, options: InstrumentOptions): Counter;
  histogram(name: string, options: InstrumentOptions): Histogram;
  gauge(name: string, options: InstrumentOptions): Gauge;
}
