import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** One thing that is wrong with what was given. */
export interface ConfigurationIssue {
  /** Where: `url`, `fields.year`, `legs.0.dense`; empty for the whole. */
  readonly path: string;
  /** What was expected, what came, what to do. */
  readonly message: string;
}

/** Options of {@link ConfigurationError}. */
export interface ConfigurationErrorOptions extends BinnacleErrorOptions {
  /** @default "invalid_configuration" */
  readonly code?: string | undefined;
  /** @default none */
  readonly issues?: readonly ConfigurationIssue[] | undefined;
}

/** What the caller gave cannot work. Thrown before anything is sent or written. */
export class ConfigurationError extends BinnacleError {
  override readonly name = "ConfigurationError";
  /** Everything that is wrong, not only the first. */
  readonly issues: readonly ConfigurationIssue[];

  constructor(message: string, options: ConfigurationErrorOptions = {}) {
    super(options.code ?? "invalid_configuration", message, options);
    this.issues = options.issues ?? [];
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is ConfigurationError {
    return BinnacleError.isInstance(value) && value.name === "ConfigurationError";
  }
}
