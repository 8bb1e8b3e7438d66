import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link TimeoutError}. */
export interface TimeoutErrorOptions extends BinnacleErrorOptions {
  /** Duration of the wait, in milliseconds. */
  readonly afterMs: number;
  /** The awaited event: `connect`, `headers`, `body`, `first-token`, `idle`, `total`, `lock`, … */
  readonly phase: string;
}

/** A call reached its deadline or a time limit. Code `timeout`. Retryable. */
export class TimeoutError extends BinnacleError {
  override readonly name = "TimeoutError";
  /** Duration of the wait, in milliseconds. */
  readonly afterMs: number;
  /** The awaited event, such as `connect` or `first-token`. */
  readonly phase: string;

  constructor(message: string, options: TimeoutErrorOptions) {
    super("timeout", message, { retryable: true, ...options });
    this.afterMs = options.afterMs;
    this.phase = options.phase;
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is TimeoutError {
    return BinnacleError.isInstance(value) && value.name === "TimeoutError";
  }
}
