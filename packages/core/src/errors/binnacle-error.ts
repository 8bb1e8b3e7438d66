import type { PartialGeneration } from "./partial-generation.ts";

const brand: unique symbol = Symbol.for("binnacle.error");

/** One failed attempt of a call. */
export interface AttemptRecord {
  /** Address of the server that got the request, without credentials. */
  readonly replica: string;
  /** The `kind` of an `InferenceError`, or the `code` of any other error. */
  readonly kind: string;
  /** Milliseconds from the start of this attempt to its failure. */
  readonly afterMs: number;
}

/** Facts about a failed call that a driver adds to its error. */
export interface Attribution {
  /** Address of the server that failed, without credentials. @default unknown */
  readonly replica?: string | undefined;
  /** Every failed attempt of the call, in order. @default unknown */
  readonly attempts?: readonly AttemptRecord[] | undefined;
  /** The part of a generation that arrived before the failure. @default no generation had begun */
  readonly partial?: PartialGeneration | undefined;
}

/** Options of {@link BinnacleError}. */
export interface BinnacleErrorOptions extends ErrorOptions, Attribution {
  /** True if the same call may succeed later. @default false */
  readonly retryable?: boolean | undefined;
}

/** Base class of the SDK's errors. */
export class BinnacleError extends Error {
  override readonly name: string = "BinnacleError";
  /** Stable, documented reason that programs can compare. */
  readonly code: string;
  /** True if the same call may succeed later. */
  readonly retryable: boolean;
  /** Address of the server that failed, without credentials. Undefined if it is unknown or no server was
   * involved. */
  declare readonly replica?: string | undefined;
  /** Every failed attempt of the call, in order. Undefined if the driver does not record them. */
  declare readonly attempts?: readonly AttemptRecord[] | undefined;
  /** The part of a generation that arrived before the failure. Undefined if no generation had begun. */
  declare readonly partial?: PartialGeneration | undefined;

  constructor(code: string, message: string, options: BinnacleErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, brand, { value: true });
    attribute(this, options);
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static isInstance(value: unknown): value is BinnacleError {
    return value instanceof Error && brand in value;
  }
}

/**
 * Adds facts about the call to an error and returns the same error. Keeps the error's own `replica` and
 * `partial`, but replaces its `attempts`. Returns any value other than a `BinnacleError` unchanged. Do not
 * pass the reason of an abort, because the caller owns it.
 */
export function attribute<T>(error: T, { replica, attempts, partial }: Attribution): T {
  if (!BinnacleError.isInstance(error)) return error;
  const known = {
    replica: error.replica ?? replica,
    attempts: attempts ?? error.attempts,
    partial: error.partial ?? partial,
  };
  // Unknown facts do not become properties, so that logs do not list empty fields.
  return Object.assign(
    error,
    Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  );
}
