import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/**
 * Why a model server failed, whatever its status code says. This union may grow: treat a kind that you do not know by
 * the error's `retryable` and by `blameOf`.
 *
 * - `invalid-request`, `too-long`: the request cannot succeed anywhere.
 * - `unsupported`, `unauthorized`, `not-found`, `quota`: this server refuses until its operator or the caller changes
 *   something; another server may accept.
 * - `loading`: the model is not in memory yet.
 * - `overloaded`: the server is full.
 * - `unreachable`: no connection, or it broke before the answer.
 * - `interrupted`: the answer was cut, or the server cancelled it.
 * - `engine-dead`: the server answers, but its engine has died and needs a restart.
 * - `server`: the server failed in any other way.
 */
export type InferenceErrorKind =
  | "invalid-request"
  | "too-long"
  | "unsupported"
  | "unauthorized"
  | "not-found"
  | "quota"
  | "loading"
  | "overloaded"
  | "unreachable"
  | "interrupted"
  | "engine-dead"
  | "server";

/** Options of {@link InferenceError}. */
export interface InferenceErrorOptions extends BinnacleErrorOptions {
  readonly kind: InferenceErrorKind;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** A model server failed. Code `inference_` + kind, dashes as underscores: `inference_too_long`. */
export class InferenceError extends BinnacleError {
  override readonly name = "InferenceError";
  readonly kind: InferenceErrorKind;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: InferenceErrorOptions) {
    super(`inference_${options.kind.replaceAll("-", "_")}`, message, options);
    this.kind = options.kind;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is InferenceError {
    return BinnacleError.isInstance(value) && value.name === "InferenceError";
  }
}
