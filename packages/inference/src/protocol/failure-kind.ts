import type { InferenceErrorKind } from "@binnacle/core";
import { z } from "zod";

/** What a server said about a failure. */
export interface ServerFailure {
  /** HTTP status, or the code inside a stream; undefined where there was none. */
  readonly status?: number | undefined;
  /** The machine-readable part: `exceed_context_size_error`; empty if none. */
  readonly type: string;
  readonly message: string;
}

const failureSchema = z.object({
  message: z.string(),
  type: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
});

/**
 * Reads an error body. Servers of this protocol wrap it as `{"error": {…}}`, `{"error": "text"}`, `{"detail": "text"}` or
 * not at all, and proxies before them send HTML.
 */
export function parseFailure(body: unknown, status?: number): ServerFailure {
  if (typeof body === "string") return parseText(body, status);
  const error = fieldOf(body, "error") ?? fieldOf(body, "detail") ?? body;
  if (typeof error === "string") return { status, type: "", message: error };
  const known = failureSchema.safeParse(error);
  if (!known.success) return { status, type: "", message: JSON.stringify(body)?.slice(0, 300) ?? "" };
  const { message, type, code } = known.data;
  const words = [type, code].filter((word) => typeof word === "string");
  return { status: status ?? (typeof code === "number" ? code : undefined), type: words.join(" "), message };
}

/** The kind that a status alone suggests, for answers whose body says nothing more. */
export function kindOfStatus(status: number | undefined): InferenceErrorKind {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404) return "not-found";
  if (status === 413) return "too-long";
  if (status === 429 || status === 503) return "overloaded";
  if (status === 501) return "unsupported";
  if (status === 502 || status === 504) return "unreachable"; // said by a proxy about the server behind it
  if (status !== undefined && status >= 400 && status < 500) return "invalid-request";
  return "server";
}

/** Whether the same request may succeed later. */
export function mayPass(kind: InferenceErrorKind): boolean {
  return ["loading", "overloaded", "unreachable", "interrupted", "server"].includes(kind);
}

function parseText(text: string, status: number | undefined): ServerFailure {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return parseFailure(body, status);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // it is plain text or HTML, to be shown as it is
  }
  return { status, type: "", message: text.slice(0, 300) };
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null && name in body ? Reflect.get(body, name) : undefined;
}
