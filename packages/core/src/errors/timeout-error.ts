import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link TimeoutError}. */
export interface TimeoutErrorOptions extends BinnacleErrorOptions {
  /** How long was waited. */
  readonly afterMs: number;
  /** What was waited for: `connect`, `headers`, `body`, `first-token`, `idle`, `total`, `lock`, … */
  readonly phase: string;
}

/** Something did not come in time. Code `timeout`; retryable. */
export class TimeoutError extends BinnacleError {
  override readonly name = "TimeoutError";
  /** How long was waited. */
  readonly afterMs: number;
  /** What was waited for. */
  readonly phase: string;

  constructor(message: string, options: TimeoutErrorOptions) {
    super("timeout", message, { retryable: true, ...options });
    this.afterMs = options.afterMs;
    this.phase = options.phase;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is TimeoutError {
    return BinnacleError.isInstance(value) && value.name === "TimeoutError";
  }
}
