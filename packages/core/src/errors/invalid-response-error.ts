import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";
import type { ConfigurationIssue } from "./configuration-error.ts";

/** Options of {@link InvalidResponseError}. */
export interface InvalidResponseErrorOptions extends BinnacleErrorOptions {
  /** @default none */
  readonly issues?: readonly ConfigurationIssue[] | undefined;
}

/** A server answered with something that is not what its API promises. Code `invalid_response`. */
export class InvalidResponseError extends BinnacleError {
  override readonly name = "InvalidResponseError";
  /** Where the answer differs from what was expected. */
  readonly issues: readonly ConfigurationIssue[];

  constructor(message: string, options: InvalidResponseErrorOptions = {}) {
    super("invalid_response", message, options);
    this.issues = options.issues ?? [];
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is InvalidResponseError {
    return BinnacleError.isInstance(value) && value.name === "InvalidResponseError";
  }
}
