import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link UnsupportedError}. */
export interface UnsupportedErrorOptions extends BinnacleErrorOptions {
  /** Name of the missing capability. */
  readonly capability: string;
}

/** A driver, server or model lacks a capability that the call needs. Code `unsupported`. */
export class UnsupportedError extends BinnacleError {
  override readonly name = "UnsupportedError";
  /** Name of the missing capability. */
  readonly capability: string;

  constructor(message: string, options: UnsupportedErrorOptions) {
    super("unsupported", message, options);
    this.capability = options.capability;
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is UnsupportedError {
    return BinnacleError.isInstance(value) && value.name === "UnsupportedError";
  }
}
