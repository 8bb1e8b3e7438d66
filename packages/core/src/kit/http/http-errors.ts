import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { redact } from "./redact.ts";
import { retryAfterOf } from "./retry-after.ts";
import type { HttpHeaders } from "./http-fetch.ts";
import type { PreparedRequest } from "./http-request.ts";

/**
 * Returns the error for a status other than 2xx. Its code is `http_` + status, such as `http_404`. It is
 * retryable for 408, 425, 429 and 5xx, except 501 and 505, which a retry does not change.
 */
export function statusError(
  request: PreparedRequest,
  status: number,
  headers: HttpHeaders,
  text: string,
): RequestError {
  const body = withoutSecrets(request, text);
  const said = body === "" ? "no body" : body.slice(0, 300);
  const message = `${request.method} ${request.safeUrl}: expected success, got ${status}: ${said}${hintFor(status)}`;
  return new RequestError(`http_${status}`, message, {
    url: request.safeUrl,
    status,
    body,
    retryable: [408, 425, 429].includes(status) || (status >= 500 && ![501, 505].includes(status)),
    retryAfterMs: retryAfterOf(headers, Date.now()),
  });
}

/** The parts of a failed request that its error message may name, and the secrets that it must not. */
export interface FailedRequest {
  readonly method: string;
  /** URL without credentials and query values. */
  readonly safeUrl: string;
  /** Texts that must not appear in the message. */
  readonly secrets: readonly string[];
}

/**
 * Returns the error for an exchange that broke:
 *
 * - code `unreachable`: nothing was sent.
 * - code `connection_lost`: the server may have processed the request.
 * - code `tls_failed`: the server's certificate or the TLS handshake failed.
 * - code `request_failed`: any other cause.
 * - a `TimeoutError`: the connection was not open in time.
 * - an `InvalidResponseError`: the server sent no valid HTTP.
 */
export function networkError(request: FailedRequest, error: unknown, waitedMs: number): BinnacleError {
  if (BinnacleError.isInstance(error)) return error;
  const code = codeOf(error) ?? "";
  const what = `${request.method} ${request.safeUrl}`;
  const failed = (name: string, text: string, retryable: boolean): RequestError =>
    new RequestError(name, `${what}: ${text}`, {
      url: request.safeUrl,
      retryable,
      cause: error,
    });
  if (code === "UND_ERR_CONNECT_TIMEOUT") {
    const message = `${what}: no connection within ${waitedMs} ms. Check the address, and that the server runs.`;
    return new TimeoutError(message, { afterMs: waitedMs, phase: "connect", cause: error });
  }
  if (/^(HPE_|Z_|ZSTD_|ERR__ERROR_FORMAT|UND_ERR_HEADERS_OVERFLOW)/.test(code) || isParserError(error)) {
    return new InvalidResponseError(`${what}: the server sent no valid HTTP (${code || "malformed"}).`, {
      cause: error,
    });
  }
  if (unreachableCodes.has(code)) {
    return failed(
      "unreachable",
      `cannot reach the server (${code}). Check the address, and that the server runs.`,
      true,
    );
  }
  if (lostCodes.has(code) || code.startsWith("ERR_HTTP2_"))
    return failed("connection_lost", `the connection broke (${code}). The server may have acted.`, true);
  if (/CERT|SSL|TLS|SELF_SIGNED|VERIFY/.test(code)) {
    return failed(
      "tls_failed",
      `no trusted TLS connection (${code}). Check the certificates and their authority.`,
      false,
    );
  }
  const reason = withoutSecrets(request, String([...causesOf(error)].at(-1) ?? error));
  return failed("request_failed", `the request failed: ${reason}`, false);
}

/** Returns true if the connection broke before the response, as when a server closes a kept-alive
 * connection. */
export function brokeBeforeAnswer(error: unknown): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/**
 * Returns true if an HTTP/2 server closed the connection and said that it did not process this request (RFC
 * 9113 §6.8). Any request may then be repeated. undici repeats requests by itself only if it holds their
 * whole body.
 */
export function wasRefusedUnseen(error: unknown): boolean {
  return [...causesOf(error)].some(({ message }) => message.startsWith('HTTP/2: "GOAWAY" frame received'));
}

/** Yields an error and its causes, outermost first. */
export function* causesOf(error: unknown): Generator<Error, void, void> {
  for (let current = error; current instanceof Error; current = current.cause) yield current;
}

/** Returns the text without the request's secrets, which some servers repeat in their error bodies. */
export function withoutSecrets(request: FailedRequest, text: string): string {
  return redact(text, request.secrets);
}

const unreachableCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

const lostCodes: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "UND_ERR_SOCKET",
  "UND_ERR_INFO", // a stream or connection of HTTP/2 that ended early
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

// undici gives a parser error a name, but not always a code.
function isParserError(error: unknown): boolean {
  return [...causesOf(error)].some((cause) => cause.name === "HTTPParserError");
}

function codeOf(error: unknown): string | undefined {
  for (const cause of causesOf(error)) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return undefined;
}

function hintFor(status: number): string {
  if (status >= 300 && status < 400)
    return ". Redirects are not followed: give the final address as the base URL";
  if (status === 401 || status === 403) return ". Check the credentials";
  return "";
}
