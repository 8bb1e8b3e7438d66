import type { PartialGeneration } from "./partial-generation.ts";

const brand: unique symbol = Symbol.for("binnacle.error");

/** One failed attempt of a call. */
export interface AttemptRecord {
  /** Address of the server that was asked, without credentials. */
  readonly replica: string;
  /** The `kind` of an `InferenceError`; the `code` of any other error. */
  readonly kind: string;
  /** Milliseconds from the start of this attempt to its failure. */
  readonly afterMs: number;
}

/** What a driver knows about a call that failed. */
export interface Attribution {
  /** Address of the server that failed, without credentials. @default unknown */
  readonly replica?: string | undefined;
  /** Every failed attempt of the call, in order. @default unknown */
  readonly attempts?: readonly AttemptRecord[] | undefined;
  /** What had arrived of a generation that had begun. @default none had begun */
  readonly partial?: PartialGeneration | undefined;
}

/** Options of every error beside its message. */
export interface BinnacleErrorOptions extends ErrorOptions, Attribution {
  /** Whether the same call may succeed later. @default false */
  readonly retryable?: boolean | undefined;
}

/** Root of every error this SDK throws on purpose. */
export class BinnacleError extends Error {
  override readonly name: string = "BinnacleError";
  /** Stable, documented reason; safe to switch on. */
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Address of the server that failed, without credentials; undefined if no server was involved. */
  declare readonly replica?: string | undefined;
  /** Every failed attempt of the call, in order; undefined if the driver keeps no record. */
  declare readonly attempts?: readonly AttemptRecord[] | undefined;
  /** What had arrived of a generation; undefined if none had begun. */
  declare readonly partial?: PartialGeneration | undefined;

  constructor(code: string, message: string, options: BinnacleErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, brand, { value: true });
    attribute(this, options);
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static isInstance(value: unknown): value is BinnacleError {
    return value instanceof Error && brand in value;
  }
}

/**
 * Adds to an error what the caller knows about the call, and returns the same error. A `replica` or `partial` that the
 * error has already stays; given `attempts` replace those of the error. A value that is no `BinnacleError` is returned
 * unchanged. Never call it with an abort's reason: that belongs to the caller.
 */
export function attribute<T>(error: T, { replica, attempts, partial }: Attribution): T {
  if (!BinnacleError.isInstance(error)) return error;
  const known = {
    replica: error.replica ?? replica,
    attempts: attempts ?? error.attempts,
    partial: error.partial ?? partial,
  };
  // Only what is known becomes a property, so that logs of other errors do not list empty fields.
  return Object.assign(
    error,
    Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  );
}
