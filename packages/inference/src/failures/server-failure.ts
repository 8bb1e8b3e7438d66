import { z } from "zod";

/** A failure that a server reported over HTTP, gRPC or inside a stream. */
export interface ServerFailure {
  /** HTTP status, or the status that an error inside a stream names. @default none */
  readonly status?: number | undefined;
  /** gRPC status code (https://grpc.io/docs/guides/status-codes/). @default none */
  readonly grpcCode?: number | undefined;
  /** Machine-readable codes of the body, such as `exceed_context_size_error`. Empty if there are no codes. */
  readonly codes: readonly string[];
  /** The message for people. */
  readonly message: string;
}

/** The status and the body of a failed answer. */
export interface FailureSource {
  /** HTTP status of the answer. @default the status that the body names */
  readonly status?: number | undefined;
  /** gRPC status code of the answer. */
  readonly grpcCode?: number | undefined;
  /** Parsed JSON or plain text. A gRPC driver passes the status message. */
  readonly body: unknown;
}

const schema = z.object({
  message: z.string(),
  type: z.unknown().optional(),
  code: z.unknown().optional(),
});
const maxMessageLength = 300;

/**
 * Reads an error body. Servers send `{"error": {…}}`, `{"error": "text"}`, `{"detail": "text"}` or the bare
 * object, and proxies send HTML. A body of any other form becomes the message, cut to 300 characters.
 */
export function parseFailure({ status, grpcCode, body }: FailureSource): ServerFailure {
  const value = typeof body === "string" ? jsonObject(body) : body;
  if (typeof value === "string")
    return { status, grpcCode, codes: [], message: value.slice(0, maxMessageLength) };
  const error = fieldOf(value, "error") ?? fieldOf(value, "detail") ?? value;
  if (typeof error === "string") return { status, grpcCode, codes: [], message: error };
  const known = schema.safeParse(error);
  if (!known.success) {
    const message = JSON.stringify(value)?.slice(0, maxMessageLength) ?? "";
    return { status, grpcCode, codes: [], message };
  }
  const { message, type, code } = known.data;
  const codes = [type, code].flatMap((word) => (typeof word === "string" && word !== "" ? [word] : []));
  return { status: status ?? statusOf(code), grpcCode, codes, message };
}

/** Parses the text as a JSON object. Returns the text itself if it is not an object. */
function jsonObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text; // plain text or HTML
  }
}

function statusOf(code: unknown): number | undefined {
  const status = typeof code === "string" && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === "number" ? status : undefined;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null && name in body ? Reflect.get(body, name) : undefined;
}
