import type { InferenceErrorKind } from "./inference-error.ts";

const known: ReadonlyMap<number, InferenceErrorKind> = new Map<number, InferenceErrorKind>([
  [401, "unauthorized"],
  [402, "quota"],
  [403, "unauthorized"],
  [404, "not-found"],
  [408, "overloaded"], // said by a proxy that waited for the request or the server
  [413, "too-long"],
  [425, "overloaded"],
  [429, "overloaded"],
  [499, "interrupted"], // nginx and Triton: the request was cancelled, and not by us
  [501, "unsupported"],
  [502, "unreachable"], // said by a proxy about the server behind it
  [503, "overloaded"],
  [504, "unreachable"],
  [529, "overloaded"], // Anthropic
]);

/**
 * The kind of failure that an HTTP status stands for if the server says nothing more. A status that is not
 * known counts by its class: 3xx is `not-found`, because redirects are not followed, other 4xx are
 * `invalid-request`, the rest `server`.
 */
export function kindOfStatus(status: number): InferenceErrorKind {
  const kind = known.get(status);
  if (kind !== undefined) return kind;
  if (status >= 300 && status < 400) return "not-found";
  return status >= 400 && status < 500 ? "invalid-request" : "server";
}
