import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/**
 * Why a model server failed, whatever its status code says. `invalid-request`, `too-long`, `unsupported`,
 * `unauthorized` and `not-found` are the caller's or the operator's to mend; the others may pass.
 */
export type InferenceErrorKind =
  | "invalid-request"
  | "too-long"
  | "unsupported"
  | "unauthorized"
  | "not-found"
  | "loading"
  | "overloaded"
  | "unreachable"
  | "interrupted"
  | "server";

/** Options of {@link InferenceError}. */
export interface InferenceErrorOptions extends BinnacleErrorOptions {
  readonly kind: InferenceErrorKind;
  /** Address of the server that failed, without credentials. */
  readonly replica?: string | undefined;
  /** How often it was tried. @default 1 */
  readonly attempts?: number | undefined;
  /** What had been generated before it broke. */
  readonly partial?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A model server failed. Code `inference_` + kind, dashes as underscores: `inference_too_long`. */
export class InferenceError extends BinnacleError {
  override readonly name = "InferenceError";
  readonly kind: InferenceErrorKind;
  /** Address of the server that failed, without credentials. */
  readonly replica: string | undefined;
  /** How often it was tried. */
  readonly attempts: number;
  /** What had been generated before it broke. */
  readonly partial: string | undefined;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: InferenceErrorOptions) {
    super(`inference_${options.kind.replaceAll("-", "_")}`, message, options);
    this.kind = options.kind;
    this.replica = options.replica;
    this.attempts = options.attempts ?? 1;
    this.partial = options.partial;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is InferenceError {
    return BinnacleError.isInstance(value) && value.name === "InferenceError";
  }
}
