import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link FencedError}. */
export interface FencedErrorOptions extends BinnacleErrorOptions {
  /** The highest token of the source that the store has seen. */
  readonly highestToken: number;
}

/** Another writer of the source has a higher token, so the store wrote nothing. Code `fenced`. */
export class FencedError extends BinnacleError {
  override readonly name = "FencedError";
  /** The highest token of the source that the store has seen. */
  readonly highestToken: number;

  constructor(message: string, options: FencedErrorOptions) {
    super("fenced", message, options);
    this.highestToken = options.highestToken;
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is FencedError {
    return BinnacleError.isInstance(value) && value.name === "FencedError";
  }
}
