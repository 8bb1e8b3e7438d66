import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/**
 * The kind of a model server's failure, regardless of its status code. This union may grow: for a kind that
 * you do not know, use the error's `retryable` and `blameOf`.
 *
 * - `invalid-request`, `too-long`: the request cannot succeed on any server.
 * - `unsupported`, `unauthorized`, `not-found`, `quota`: this server refuses until its operator or the caller
 *   changes something. Another server may accept the request.
 * - `loading`: the model is not in memory yet.
 * - `overloaded`: the server is full.
 * - `unreachable`: there was no connection, or it broke before the answer.
 * - `interrupted`: the answer broke, or the server cancelled it.
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
  /** Wait that the server requested, in milliseconds. @default none */
  readonly retryAfterMs?: number | undefined;
}

/** A model server failed. The code is `inference_` + kind with underscores, such as `inference_too_long`. */
export class InferenceError extends BinnacleError {
  override readonly name = "InferenceError";
  readonly kind: InferenceErrorKind;
  /** Wait that the server requested, in milliseconds. Undefined if it requested none. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: InferenceErrorOptions) {
    super(`inference_${options.kind.replaceAll("-", "_")}`, message, options);
    this.kind = options.kind;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is InferenceError {
    return BinnacleError.isInstance(value) && value.name === "InferenceError";
  }
}
