import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link AdmissionError}. */
export interface AdmissionErrorOptions extends BinnacleErrorOptions {
  /** How long to wait before another try; undefined if that is unknown. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * This process refused the call before it sent anything. Code `overloaded`: too many calls wait already. Code
 * `circuit_open`: the server has failed too often. Retryable.
 */
export class AdmissionError extends BinnacleError {
  override readonly name = "AdmissionError";
  /** How long to wait before another try; undefined if that is unknown. */
  readonly retryAfterMs: number | undefined;

  constructor(code: "overloaded" | "circuit_open", message: string, options: AdmissionErrorOptions = {}) {
    super(code, message, { retryable: true, ...options });
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is AdmissionError {
    return BinnacleError.isInstance(value) && value.name === "AdmissionError";
  }
}
