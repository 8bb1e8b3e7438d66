import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** One mistake in the caller's input. */
export interface ConfigurationIssue {
  /** Path of the field, such as `url`, `fields.year` or `legs.0.dense`. Empty for the whole input. */
  readonly path: string;
  /** The expected value, the given value, and the way out. */
  readonly message: string;
}

/** Options of {@link ConfigurationError}. */
export interface ConfigurationErrorOptions extends BinnacleErrorOptions {
  /** Code of the error. @default "invalid_configuration" */
  readonly code?: string | undefined;
  /** All known mistakes. @default none */
  readonly issues?: readonly ConfigurationIssue[] | undefined;
}

/** The caller's input cannot work. Thrown before anything is sent or written. */
export class ConfigurationError extends BinnacleError {
  override readonly name = "ConfigurationError";
  /** All known mistakes, or empty if the message alone describes the mistake. */
  readonly issues: readonly ConfigurationIssue[];

  constructor(message: string, options: ConfigurationErrorOptions = {}) {
    super(options.code ?? "invalid_configuration", message, options);
    this.issues = options.issues ?? [];
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is ConfigurationError {
    return BinnacleError.isInstance(value) && value.name === "ConfigurationError";
  }
}
