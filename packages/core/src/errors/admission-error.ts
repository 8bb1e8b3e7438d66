import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link AdmissionError}. */
export interface AdmissionErrorOptions extends BinnacleErrorOptions {
  /** Wait before the next attempt, in milliseconds. @default unknown */
  readonly retryAfterMs?: number | undefined;
}

/**
 * This process refused the call before it sent anything. Retryable. Code `overloaded`: too many calls are
 * waiting. Code `circuit_open`: the server failed too often.
 */
export class AdmissionError extends BinnacleError {
  override readonly name = "AdmissionError";
  /** Wait before the next attempt, in milliseconds. Undefined if it is unknown. */
  readonly retryAfterMs: number | undefined;

  constructor(code: "overloaded" | "circuit_open", message: string, options: AdmissionErrorOptions = {}) {
    super(code, message, { retryable: true, ...options });
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is AdmissionError {
    return BinnacleError.isInstance(value) && value.name === "AdmissionError";
  }
}
