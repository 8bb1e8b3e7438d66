import { BinnacleError, type BinnacleErrorOptions } from "./binnacle-error.ts";

/** Options of {@link RequestError}. */
export interface RequestErrorOptions extends BinnacleErrorOptions {
  /** URL of the request, without credentials. */
  readonly url: string;
  /** HTTP status. @default no response arrived */
  readonly status?: number | undefined;
  /** Body of the response. The error keeps its first 2 000 characters. @default none */
  readonly body?: string | undefined;
  /** Wait that the server requested, in milliseconds. @default none */
  readonly retryAfterMs?: number | undefined;
}

/** A server refused a request, failed, or could not be reached. */
export class RequestError extends BinnacleError {
  override readonly name = "RequestError";
  /** URL of the request, without credentials. */
  readonly url: string;
  /** HTTP status. Undefined if no response arrived. */
  readonly status: number | undefined;
  /** The first 2 000 characters of the response's body. Undefined if no body arrived. */
  readonly body: string | undefined;
  /** Wait that the server requested, in milliseconds. Undefined if it requested none. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: RequestErrorOptions) {
    super(code, message, options);
    this.url = options.url;
    this.status = options.status;
    this.body = options.body?.slice(0, 2000);
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Like `instanceof`, but also works if the SDK is installed twice. */
  static override isInstance(value: unknown): value is RequestError {
    return BinnacleError.isInstance(value) && value.name === "RequestError";
  }
}
