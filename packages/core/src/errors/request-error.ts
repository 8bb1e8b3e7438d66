import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link RequestError}. */
export interface RequestErrorOptions extends BinnacleErrorOptions {
  /** Without credentials. */
  readonly url: string;
  /** HTTP status; undefined where no answer came. */
  readonly status?: number | undefined;
  /** The first 2 000 characters of the answer. */
  readonly body?: string | undefined;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** A server refused, failed or could not be reached. */
export class RequestError extends BinnacleError {
  override readonly name = "RequestError";
  /** Without credentials. */
  readonly url: string;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The beginning of the answer, at most 2 000 characters. */
  readonly body: string | undefined;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: RequestErrorOptions) {
    super(code, message, options);
    this.url = options.url;
    this.status = options.status;
    this.body = options.body?.slice(0, 2000);
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is RequestError {
    return BinnacleError.isInstance(value) && value.name === "RequestError";
  }
}
