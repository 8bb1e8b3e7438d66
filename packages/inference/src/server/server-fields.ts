import { blockedPortIssue, type HttpFetch } from "@binnacle/core/kit";
import { z } from "zod";
import { serverHeaders } from "./server-headers.ts";

interface ServerFields {
  readonly url: z.ZodURL;
  readonly model: z.ZodOptional<z.ZodString>;
  readonly apiKey: z.ZodOptional<z.ZodString>;
  readonly headers: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>>;
  readonly connectTimeoutMs: z.ZodDefault<z.ZodInt>;
  readonly maxAttempts: z.ZodDefault<z.ZodInt>;
  readonly fetch: z.ZodOptional<z.ZodCustom<HttpFetch, HttpFetch>>;
}

/** Creates the schema fields of a server that is reached at one address, for a driver's schema. */
export function serverFields(): ServerFields {
  return {
    url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
    model: z.string().min(1).optional(),
    apiKey: z.string().trim().min(1).optional(),
    headers: serverHeaders().default({}),
    connectTimeoutMs: z.int().positive().default(10_000),
    maxAttempts: z.int().positive().default(3),
    fetch: z.custom<HttpFetch>((value) => typeof value === "function", "must be a function").optional(),
  };
}

/** Refuses a port that no `fetch` connects to, and an address that ends with the version. */
export function checkServerUrl(
  { url, fetch }: { readonly url: string; readonly fetch?: HttpFetch | undefined },
  context: z.RefinementCtx,
): void {
  const issue = (message: string): void => context.addIssue({ code: "custom", path: ["url"], message });
  const blocked = fetch === undefined ? blockedPortIssue(url) : undefined;
  if (blocked !== undefined) issue(blocked);
  // zod already reports an invalid URL, but this check still runs on it.
  if (URL.canParse(url) && /\/v1\/*$/.test(new URL(url).pathname))
    issue("must not end with /v1; remove it, because the driver adds it");
}
