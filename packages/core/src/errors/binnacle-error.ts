const brand: unique symbol = Symbol.for("binnacle.error");

/** What every error takes beside its message. */
export interface BinnacleErrorOptions extends ErrorOptions {
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

  constructor(code: string, message: string, options?: BinnacleErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = options?.retryable ?? false;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static isInstance(value: unknown): value is BinnacleError {
    return value instanceof Error && brand in value;
  }
}
