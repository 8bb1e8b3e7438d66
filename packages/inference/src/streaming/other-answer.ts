import { InferenceError, InvalidResponseError } from "@binnacle/core";
import type { AnswerBeginning } from "./answer-beginning.ts";

/** What {@link otherAnswer} takes beside the answer. */
export interface OtherAnswerOptions {
  /** Who answered, for error messages. */
  readonly source: string;
  /** Takes the secrets out of a text: some servers repeat them. */
  readonly clean: (text: string) => string;
  /** Makes the error of what the server says went wrong. */
  readonly toError: (error: unknown, partial: string) => Error;
}

/**
 * The error of an answer of status 200 in which no event came because it is no event stream: a proxy's page, an error, a
 * whole completion. Undefined where it may have been one that was cut.
 */
export function otherAnswer(beginning: AnswerBeginning, options: OtherAnswerOptions): Error | undefined {
  const { source, clean, toError } = options;
  const { contentType, text } = beginning;
  if (mayBeEvents(beginning)) return undefined;
  const body = objectOf(text);
  const failed = body !== undefined && ["error", "detail", "message"].some((name) => hasValue(body, name));
  if (failed) return withoutRetry(toError(body, ""));
  const came = `${contentType || "an answer without a content type"}: "${clean(text).slice(0, 200)}"`;
  const hint =
    body !== undefined && hasValue(body, "choices")
      ? "; it is a whole completion: the server, or a proxy before it, does not stream"
      : "";
  return new InvalidResponseError(`${source}: expected an event stream, got ${came}${hint}`, {
    partial: { text: "" },
  });
}

const fields = ["data", "event", "id", "retry", ":"];

/** Whether it begins as an event stream does, or could have before it was cut. */
function mayBeEvents({ contentType, text }: AnswerBeginning): boolean {
  const start = text.trimStart();
  // Some servers name no type, or another one, for events all the same.
  if (start === "") return contentType === "" || contentType.includes("event-stream");
  return fields.some((field) => start.startsWith(field) || field.startsWith(start));
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // a page, or longer than what was kept
  }
}

function hasValue(body: object, name: string): boolean {
  return (Reflect.get(body, name) ?? undefined) !== undefined;
}

/** Of a server that says it succeeded, and names no cause that is known to pass, the next answer will be no other. */
function withoutRetry(error: Error): Error {
  if (!InferenceError.isInstance(error) || error.kind !== "server") return error;
  const { message, kind, replica, partial, cause } = error;
  return new InferenceError(message, { kind, replica, partial, cause, retryable: false });
}
