import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link FencedError}. */
export interface FencedErrorOptions extends BinnacleErrorOptions {
  /** The highest token that the store has seen of the source. */
  readonly highestToken: number;
}

/** Another writer of the source holds a higher token, so nothing was written. Code `fenced`. */
export class FencedError extends BinnacleError {
  override readonly name = "FencedError";
  /** The highest token that the store has seen of the source. */
  readonly highestToken: number;

  constructor(message: string, options: FencedErrorOptions) {
    super("fenced", message, options);
    this.highestToken = options.highestToken;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is FencedError {
    return BinnacleError.isInstance(value) && value.name === "FencedError";
  }
}
