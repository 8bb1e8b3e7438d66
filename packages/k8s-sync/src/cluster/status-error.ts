import { RequestError } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";

/** The fields of a Kubernetes `Status` that decide about the next step. */
export interface ApiStatus {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** Reasons of single causes, such as `ResourceVersionTooLarge`. */
  readonly causes: readonly string[];
  readonly retryAfterMs: number | undefined;
}

/** Reads a `Status` object. Undefined for any other value. */
export function parseStatus(value: unknown): ApiStatus | undefined {
  if (!isPlainObject(value) || value["kind"] !== "Status") return undefined;
  const { code, reason, message } = value;
  const details = isPlainObject(value["details"]) ? value["details"] : {};
  const causes = Array.isArray(details["causes"]) ? details["causes"] : [];
  const seconds = details["retryAfterSeconds"];
  return {
    code: typeof code === "number" ? code : 0,
    reason: typeof reason === "string" ? reason : "",
    message: typeof message === "string" ? message : "",
    causes: causes.flatMap((cause) => (isPlainObject(cause) ? [String(cause["reason"])] : [])),
    retryAfterMs: typeof seconds === "number" ? seconds * 1000 : undefined,
  };
}

/** Returns the `Status` in the body of a refused request. Undefined if the body holds none. */
export function statusOf(error: RequestError): ApiStatus | undefined {
  try {
    return parseStatus(JSON.parse(error.body ?? ""));
  } catch {
    return undefined; // a proxy's page, or a body that was cut
  }
}

/** Returns the error for an ERROR event inside a watch, as if the server had refused the request. */
export function watchFailure(path: string, status: ApiStatus | undefined): RequestError {
  const code = status?.code ?? 0;
  const said = status === undefined ? "no Status" : `${status.code} ${status.reason}: ${status.message}`;
  return new RequestError(`http_${code}`, `GET ${path}: the watch ended with ${said}`, {
    url: path,
    status: code,
    body: status === undefined ? "" : JSON.stringify({ kind: "Status", ...flat(status) }),
    retryable: true,
    retryAfterMs: status?.retryAfterMs,
  });
}

function flat({ code, reason, message, causes }: ApiStatus): object {
  return { code, reason, message, details: { causes: causes.map((cause) => ({ reason: cause })) } };
}
