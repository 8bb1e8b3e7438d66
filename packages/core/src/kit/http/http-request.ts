import { BinnacleError } from "../../errors/binnacle-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { secretsIn } from "./redact.ts";

/** One request, relative to the client's base URL. Its body can be sent again. */
export interface HttpRequest {
  /** @default "GET" */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  /** Begins with `/`; appended to the path of the base URL. Names in it go through `encodeURIComponent` first. */
  readonly path: string;
  /** Values that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Added to the client's headers, and stronger. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, where `json` is not given; name its `content-type` in the headers. */
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
}

/** A request ready for the wire, and how to speak of it without giving secrets away. */
export interface PreparedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  /** The URL without credentials and query values. */
  readonly safeUrl: string;
  /** Header values that must not show up anywhere. */
  readonly secrets: readonly string[];
}

/** Where every request of a client goes. */
export interface RequestBase {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Splits a base URL into address and headers: a user and password in it become basic authentication (RFC 7617). */
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
    // Not with the cause: it is told without the value, which is a credential.
    throw new ConfigurationError("baseUrl: a % in its user or password must be written as %25");
  }
}

/**
 * Puts base and request together. Throws code `invalid_request` for a path or header that cannot be sent as it is, and
 * `ConfigurationError` for a `json` that has no JSON text.
 */
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
    `${what}: \`json\` cannot be written as JSON (${reason}); give plain JSON values`,
  );
}

/** The URL without user, password, fragment and query values. */
export function safeUrl(url: URL): string {
  const names = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=…`);
  return `${url.protocol}//${url.host}${url.pathname}${names.length === 0 ? "" : `?${names.join("&")}`}`;
}

function resolveUrl(base: URL, { path, query = {} }: HttpRequest): URL {
  // URL resolves dot segments even when encoded, which would lead out of the API's path: /collections/../snapshots.
  if (!/^\/[^?#\\\s]*$/.test(path) || path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part))) {
    throw invalid(`the path "${path}" must begin with / and hold no dot segments, query, fragment or space`);
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
 * What is wrong with a header; undefined where nothing is. fetch would refuse it too, but with the value, which may be a
 * key, in its message.
 */
export function headerIssue(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return `"${name}" is no header name`;
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return undefined;
  return `header "${name}" holds a character that no header may hold; look for line breaks in it`;
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_request", message);
}
