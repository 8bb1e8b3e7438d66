import { InferenceError, type InferenceErrorKind, type PartialGeneration } from "@binnacle/core";
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

/** Where and when a server failed. */
export interface FailureContext {
  /** Who asked, for the message. */
  readonly component: string;
  /** The server's address without credentials. */
  readonly replica: string;
  /** What had been generated; undefined before a stream began. */
  readonly partial?: PartialGeneration | undefined;
}

/** What else is known of a failure. */
export interface FailureOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
  /** What to do about it, by kind. */
  readonly hints?: Partial<Readonly<Record<InferenceErrorKind, string>>> | undefined;
}

/** The error of a failure that a server reported, in an answer or inside a stream. */
export function failureError(
  failure: ServerFailure,
  context: FailureContext,
  options: FailureOptions = {},
): InferenceError {
  const { cause, retryAfterMs, hints = {} } = options;
  const kind = kindOfFailure(failure);
  const advice = isRedirect(failure.status) ? redirectHint : hints[kind];
  const hint = advice === undefined ? "" : `; ${advice}`;
  const message = `${context.component} ${context.replica}: ${failure.message}${hint}`;
  // Used-up credit is reported as overload, but no waiting brings it back.
  const retryable = mayPass(kind) && !failure.type.includes("insufficient_quota");
  return new InferenceError(message, { ...context, kind, retryable, retryAfterMs, cause });
}

/** The error of a connection that broke or never came about. */
export function connectionError(
  message: string,
  context: FailureContext,
  options: { readonly cause: unknown; readonly retryable: boolean },
): InferenceError {
  if (context.partial === undefined) {
    return new InferenceError(`${context.component}: ${message}`, {
      ...context,
      ...options,
      kind: "unreachable",
    });
  }
  return new InferenceError(
    `${context.component}: the connection broke before the answer was finished: ${message}`,
    { ...context, cause: options.cause, kind: "interrupted", retryable: true },
  );
}

// What servers of this protocol say, whatever their status: llama-server answers permanent faults with 500 too.
const sayings: readonly (readonly [RegExp, InferenceErrorKind])[] = [
  [/exceed_context_size_error|too large to process/i, "too-long"], // llama-server 0.7.0
  // OpenAI, vLLM 0.32, Mistral: "This model's maximum context length is 8192 tokens", "maximum input length is …"
  [/context_length_exceeded|max(imum)? (model |context |input |sequence )+length/i, "too-long"],
  // OpenAI's embeddings: "Requested 302371 tokens, max 300000 tokens per request", of a batch
  [/max_tokens_per_request|max(imum)? \d+ tokens per request/i, "too-long"],
  // Ollama: "the input length exceeds the context length"; llama-cpp-python: "Requested tokens (9) exceed context window"
  [
    /exceeds? (the |this |its )?(model's |available |maximum |input )*context (length|size|window)/i,
    "too-long",
  ],
  // LM Studio: "Context size has been exceeded", "the model is loaded with context length of only 32768 tokens"
  [/context (length|size|window) (has been exceeded|of only \d+)/i, "too-long"],
  // SGLang, Together: "The input (61709 tokens) is longer than the model's context length (40960 tokens)."
  [/longer than the (model's )?(maximum )?(context|model|input) length/i, "too-long"],
  // Bedrock, Anthropic, vLLM: "Input is too long", "prompt is too long", "The prompt (total length 9) is too long to fit"
  [/\b(input|prompt|text)s?( \([^)]*\))? (is|are) too long/i, "too-long"],
  // text-embeddings-inference: "`inputs` must have less than 512 tokens. Given: 600"
  [/must have less than \d+ tokens/i, "too-long"],
  [/not_supported_error|input is not supported/i, "unsupported"], // llama-server 0.7.0
  [/unsupported_parameter|unsupported_value/i, "unsupported"], // OpenAI
  [/loading model/i, "loading"], // llama-server 0.7.0
  [/model_not_found|^model .* not found/i, "not-found"], // OpenAI; llama-server's router, which says it with 400
];

/** The cause, by what the server says; by its status where that says nothing known. */
function kindOfFailure({ status, type, message }: ServerFailure): InferenceErrorKind {
  const known = sayings.find(([saying]) => saying.test(type) || saying.test(message));
  return known === undefined ? kindOfStatus(status) : known[1];
}

function kindOfStatus(status: number | undefined): InferenceErrorKind {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404 || isRedirect(status)) return "not-found";
  if (status === 413) return "too-long";
  if (status === 429 || status === 503) return "overloaded";
  if (status === 501) return "unsupported";
  if (status === 502 || status === 504) return "unreachable"; // said by a proxy about the server behind it
  if (status !== undefined && status >= 400 && status < 500) return "invalid-request";
  return "server";
}

// The openai package's fetch follows those that it can; what comes here was not followed.
const redirectHint = "it redirects, which is not followed: give the final address";

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

function mayPass(kind: InferenceErrorKind): boolean {
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
