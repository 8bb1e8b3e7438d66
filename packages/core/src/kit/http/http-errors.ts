import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { redact } from "./redact.ts";
import { retryAfterOf } from "./retry-after.ts";
import type { HttpHeaders } from "./http-fetch.ts";
import type { PreparedRequest } from "./http-request.ts";

/**
 * The error for a status that is not 2xx. Code `http_` + status: `http_404`. Retryable for 408, 425, 429 and 5xx other
 * than 501 and 505, which no repetition changes.
 */
export function statusError(
  request: PreparedRequest,
  status: number,
  headers: HttpHeaders,
  text: string,
): RequestError {
  const body = withoutSecrets(request, text);
  const said = body === "" ? "nothing more" : body.slice(0, 300);
  const message = `${request.method} ${request.safeUrl}: expected success, got ${status}: ${said}${hintFor(status)}`;
  return new RequestError(`http_${status}`, message, {
    url: request.safeUrl,
    status,
    body,
    retryable: [408, 425, 429].includes(status) || (status >= 500 && ![501, 505].includes(status)),
    retryAfterMs: retryAfterOf(headers, Date.now()),
  });
}

/** What a message says of the request that failed. */
export interface FailedRequest {
  readonly method: string;
  /** Without credentials and query values. */
  readonly safeUrl: string;
  /** What must not show up in the message. */
  readonly secrets: readonly string[];
}

/**
 * The error for an exchange that broke. Codes: `unreachable` (nothing was sent), `connection_lost` (the server may have
 * acted), `tls_failed`, `request_failed`; a `TimeoutError` where no connection came about in time.
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
    const message = `${what}: no connection within ${waitedMs} ms; check the address and that the server runs`;
    return new TimeoutError(message, { afterMs: waitedMs, phase: "connect", cause: error });
  }
  if (/^(HPE_|Z_|ZSTD_|ERR__ERROR_FORMAT|UND_ERR_HEADERS_OVERFLOW)/.test(code) || isParserError(error)) {
    return new InvalidResponseError(`${what}: what came is not valid HTTP (${code || "malformed"})`, {
      cause: error,
    });
  }
  if (unreachableCodes.has(code)) {
    return failed(
      "unreachable",
      `cannot be reached (${code}); check the address and that the server runs`,
      true,
    );
  }
  if (lostCodes.has(code) || code.startsWith("ERR_HTTP2_"))
    return failed("connection_lost", `the connection broke (${code})`, true);
  if (/CERT|SSL|TLS|SELF_SIGNED|VERIFY/.test(code)) {
    return failed(
      "tls_failed",
      `no trusted TLS connection (${code}); check the certificate authority`,
      false,
    );
  }
  const reason = withoutSecrets(request, String([...causesOf(error)].at(-1) ?? error));
  return failed("request_failed", `the request could not be made: ${reason}`, false);
}

/** Whether the exchange broke before any answer in a way that a kept-alive connection breaks when the server closes it. */
export function brokeBeforeAnswer(error: unknown): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/**
 * Whether an HTTP/2 server that was closing the connection said that it did not look at this request (RFC 9113 §6.8), so
 * that any request may be sent again. undici does so itself, but only for bodies that it holds whole.
 */
export function wasRefusedUnseen(error: unknown): boolean {
  return [...causesOf(error)].some(({ message }) => message.startsWith('HTTP/2: "GOAWAY" frame received'));
}

/** An error and what caused it, outermost first. */
export function* causesOf(error: unknown): Generator<Error, void, void> {
  for (let current = error; current instanceof Error; current = current.cause) yield current;
}

/** The text without the request's secrets, which some servers repeat in their complaints. */
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

// undici gives the parser's complaint a name, but not always a code.
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
    return "; redirects are not followed: give the final address as the base URL";
  if (status === 401 || status === 403) return "; check the credentials";
  return "";
}
