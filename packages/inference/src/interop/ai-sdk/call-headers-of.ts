import type { InferenceCallOptions } from "@binnacle/core";

/** Reads the options of a call from the headers that an app gave to the AI SDK. */
export function callHeadersOf(
  headers: Readonly<Record<string, string | undefined>> = {},
): Pick<InferenceCallOptions, "requestId" | "traceparent"> {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { requestId: lower.get("x-request-id"), traceparent: lower.get("traceparent") };
}
