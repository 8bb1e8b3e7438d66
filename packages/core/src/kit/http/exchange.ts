import { BinnacleError } from "../../errors/binnacle-error.ts";
import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { abortable } from "../time/abortable.ts";
import { createDeadline, type Deadline } from "../time/deadline.ts";
import { brokeBeforeAnswer, causesOf, networkError, statusError, wasRefusedUnseen } from "./http-errors.ts";
import type { HttpFetchResponse } from "./http-fetch.ts";
import type { PreparedRequest } from "./http-request.ts";
import { readBeginning } from "./response-body.ts";
import type { Transport } from "./undici-transport.ts";

const maxErrorBodyBytes = 16 * 1024;
const errorBodyTimeoutMs = 10_000;

// RFC 9110 §9.2.2: a repeated request has the same effect as a single one.
const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE"]);

// If the server closed the connection before the request left, the close arrives within one round trip. After
// a longer time the server may have received the request, and a POST must not run twice.
const staleWithinMs = 100;

/** One running request, its deadline, and the error that it ends with. Call `end` when it is over. */
export class Exchange {
  readonly request: PreparedRequest;
  readonly deadline: Deadline;
  readonly #transport: Transport;
  readonly #running: Set<Exchange>;
  readonly #callersSignal: AbortSignal | undefined;
  #refused: unknown;
  #sentAt = 0;

  /** Creates the exchange and adds it to `running` until it ends. */
  constructor(transport: Transport, request: PreparedRequest, options: CallOptions, running: Set<Exchange>) {
    this.request = request;
    this.deadline = createDeadline({
      label: `${request.method} ${request.safeUrl}`,
      signal: options.signal,
      deadlineAt: options.deadlineAt,
    });
    this.#transport = transport;
    this.#running = running.add(this);
    this.#callersSignal = options.signal;
  }

  /** Frees the timers. The client forgets the exchange. */
  end(): void {
    this.deadline[Symbol.dispose]();
    this.#running.delete(this);
  }

  /**
   * Sends the request and waits for a success status. Sends it once more if a kept-alive connection broke. It
   * repeats an idempotent method in any case, and other methods only if the server cannot have received the
   * request.
   */
  async respond(headersTimeoutMs: number): Promise<HttpFetchResponse> {
    let response: HttpFetchResponse;
    try {
      response = await this.#send(headersTimeoutMs);
    } catch (error) {
      if (this.deadline.signal.aborted || !this.#maySendAgain(error)) throw error;
      response = await this.#send(headersTimeoutMs);
    }
    if (response.status >= 200 && response.status < 300) return response;
    this.#refused = await this.#refusal(response);
    throw this.#refused;
  }

  /** Returns the error for the caller: an abort's reason, a timeout, or the network error. */
  failure(error: unknown): unknown {
    if (error !== undefined && error === this.#refused) return error;
    if (this.deadline.signal.aborted) return this.deadline.signal.reason;
    return networkError(this.request, error, Math.round(this.#sinceSentMs()));
  }

  #send(headersTimeoutMs: number): Promise<HttpFetchResponse> {
    const { signal } = this.deadline;
    const { url, method, headers, body } = this.request;
    this.#sentAt = performance.now();
    this.deadline.enter("headers", headersTimeoutMs);
    const init = { method, headers, signal, redirect: "manual" } as const;
    const answer = this.#transport.fetch(url, body === undefined ? init : { ...init, body });
    return abortable(answer, signal);
  }

  #sinceSentMs(): number {
    return performance.now() - this.#sentAt;
  }

  #maySendAgain(error: unknown): boolean {
    if (wasRefusedUnseen(error)) return true;
    if (!brokeBeforeAnswer(error)) return false;
    if (!idempotentMethods.has(this.request.method) && !this.#mustBeStale()) return false;
    return ![...causesOf(error)].some((cause) => this.#transport.isFromNewConnection(cause));
  }

  /**
   * Returns true if the server cannot have seen the request. A lost HTTP/2 session takes down requests that
   * the server works on, and its error looks the same.
   */
  #mustBeStale(): boolean {
    if (this.#transport.mayUseHttp2 && this.request.url.startsWith("https:")) return false;
    return this.#sinceSentMs() <= staleWithinMs;
  }

  async #refusal(response: HttpFetchResponse): Promise<unknown> {
    const { status, headers } = response;
    this.deadline.enter("body", errorBodyTimeoutMs);
    try {
      return statusError(this.request, status, headers, await readBeginning(response, maxErrorBodyBytes));
    } catch (error) {
      if (this.deadline.signal.aborted && !this.#tookTooLong()) return this.deadline.signal.reason;
      // The status is known, so a body that breaks or does not end must not hide it.
      return statusError(this.request, status, headers, `(its body could not be read: ${String(error)})`);
    }
  }

  /** True if the time limit of the body ended the exchange, and neither the caller nor the call's
   * deadline. */
  #tookTooLong(): boolean {
    const { reason } = this.deadline.signal;
    return (
      TimeoutError.isInstance(reason) && reason.phase === "body" && reason !== this.#callersSignal?.reason
    );
  }
}

/** Returns the error for calls on a closed client. */
export function closedError(): BinnacleError {
  return new BinnacleError("closed", "This HTTP client is closed. Create a new one.");
}
