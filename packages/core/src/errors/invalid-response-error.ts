import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";
import type { ConfigurationIssue } from "./configuration-error.ts";

/** Options of {@link InvalidResponseError}. */
export interface InvalidResponseErrorOptions extends BinnacleErrorOptions {
  /** The differences from the expected response. @default none */
  readonly issues?: readonly ConfigurationIssue[] | undefined;
}

/** A server or an app's own part returned something that breaks its API. Code `invalid_response`. */
export class InvalidResponseError extends BinnacleError {
  override readonly name = "InvalidResponseError";
  /** The differences from the expected response. */
  readonly issues: readonly ConfigurationIssue[];

  constructor(message: string, options: InvalidResponseErrorOptions = {}) {
    super("invalid_response", message, options);
    this.issues = options.issues ?? [];
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is InvalidResponseError {
    return BinnacleError.isInstance(value) && value.name === "InvalidResponseError";
  }
}
