import { BinnacleError } from "../../errors/binnacle-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { secretsIn } from "./redact.ts";

/** One request, relative to the client's base URL. Its body can be sent again. */
export interface HttpRequest {
  /** HTTP method. @default "GET" */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  /** Path that starts with `/`, appended to the path of the base URL. Pass names in it through
   * `encodeURIComponent`. */
  readonly path: string;
  /** Query parameters. Undefined values are omitted. @default none */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Headers in addition to the client's. They override headers with the same name. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Body that is sent as JSON. @default none */
  readonly json?: unknown;
  /** Body that is sent unchanged, unless `json` is given. Set its `content-type` in `headers`. A Blob of a
   * file is read while it is sent. @default none */
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob | undefined;
  /** Parses the bytes of a JSON answer. Must throw if they are not JSON. @default `JSON.parse` of UTF-8 */
  readonly parseJson?: ((bytes: Uint8Array) => unknown) | undefined;
}

/** A checked request, and its description without secrets for messages. */
export interface PreparedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | Blob | undefined;
  readonly parseJson: ((bytes: Uint8Array) => unknown) | undefined;
  /** URL without credentials and query values. */
  readonly safeUrl: string;
  /** Header values that must not appear in messages. */
  readonly secrets: readonly string[];
}

/** Address and headers of all requests of a client. */
export interface RequestBase {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Splits a base URL into address and headers. Its user and password become basic authentication (RFC
 * 7617). */
export function requestBase(baseUrl: string, headers: Readonly<Record<string, string>>): RequestBase {
  const url = new URL(baseUrl);
  const { username, password } = url;
  if (username === "" && password === "") return { url, headers };
  const credentials = `${decoded(username)}:${decoded(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  return { url, headers: { authorization, ...headers } };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Without the cause, which quotes the credential.
    throw new ConfigurationError("`baseUrl`: write a % in its user or password as %25.");
  }
}

/** Combines base and request. Throws code `invalid_request` for an invalid path or header, and a
 * `ConfigurationError` for a `json` that cannot be written as JSON. */
export function prepareRequest(
  base: RequestBase,
  request: HttpRequest,
  options: CallOptions,
): PreparedRequest {
  const { method = "GET", json } = request;
  const url = resolveUrl(base.url, request);
  const headers = checkedHeaders({
    ...(json === undefined ? {} : { "content-type": "application/json" }),
    ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
    ...lowerCased(base.headers),
    ...lowerCased(request.headers ?? {}),
  });
  return {
    method,
    url: url.href,
    headers,
    body: json === undefined ? request.body : jsonText(json, `${method} ${safeUrl(url)}`),
    parseJson: request.parseJson,
    safeUrl: safeUrl(url),
    secrets: secretsIn(headers),
  };
}

function jsonText(json: unknown, what: string): string {
  let reason = `it is a ${typeof json}`;
  try {
    const text: string | undefined = JSON.stringify(json);
    if (text !== undefined) return text;
  } catch (error) {
    reason = String(error);
  }
  throw new ConfigurationError(
    `${what}: \`json\` cannot be written as JSON (${reason}). Give plain JSON values.`,
  );
}

/** Returns the URL without user, password, fragment and query values. */
export function safeUrl(url: URL): string {
  const names = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=…`);
  return `${url.protocol}//${url.host}${url.pathname}${names.length === 0 ? "" : `?${names.join("&")}`}`;
}

function resolveUrl(base: URL, { path, query = {} }: HttpRequest): URL {
  // URL resolves even encoded dot segments, which would leave the API's path: /collections/../snapshots.
  if (!/^\/[^?#\\\s]*$/.test(path) || path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part))) {
    throw invalid(
      `The path must start with / and hold no dot segments, query, fragment or space, got "${path}".`,
    );
  }
  const url = new URL(base);
  url.username = "";
  url.password = "";
  url.pathname = base.pathname.replace(/\/+$/, "") + path;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  );
}

function checkedHeaders(headers: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    const issue = headerIssue(name, value);
    if (issue !== undefined) throw invalid(issue);
  }
  return headers;
}

/**
 * Returns a message if a header cannot be sent, or undefined. fetch would refuse it too, but would quote the
 * value, which may be a key.
 */
export function headerIssue(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return `"${name}" is not a valid header name`;
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return undefined;
  return `header "${name}" holds an invalid character. Look for a line break in its value`;
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_request", message);
}
