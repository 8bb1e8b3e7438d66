import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link UnsupportedError}. */
export interface UnsupportedErrorOptions extends BinnacleErrorOptions {
  /** What is missing, named as in the capabilities. */
  readonly capability: string;
}

/** This driver, server or model cannot do what was asked. Code `unsupported`. */
export class UnsupportedError extends BinnacleError {
  override readonly name = "UnsupportedError";
  /** What is missing. */
  readonly capability: string;

  constructor(message: string, options: UnsupportedErrorOptions) {
    super("unsupported", message, options);
    this.capability = options.capability;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is UnsupportedError {
    return BinnacleError.isInstance(value) && value.name === "UnsupportedError";
  }
}
