import { InferenceError, InvalidResponseError } from "@binnacle/core";
import { parseFailure } from "../failures/server-failure.ts";
import type { ModelServer } from "../server/model-server.ts";
import type { AnswerBeginning } from "./answer-beginning.ts";

/**
 * Returns the error of a successful answer that is not an event stream, such as a proxy's page, an error or a
 * whole completion. Returns undefined if the answer may be a stream that was cut.
 */
export function otherAnswer(beginning: AnswerBeginning, server: ModelServer): Error | undefined {
  const { contentType, text } = beginning;
  if (mayBeEvents(beginning)) return undefined;
  const body = objectOf(text);
  const failed = body !== undefined && ["error", "detail", "message"].some((name) => hasValue(body, name));
  if (failed) return withoutRetry(server.toError(parseFailure({ body })));
  const came = `${contentType || "an answer without a content type"}: "${server.redact(text).slice(0, 200)}"`;
  const hint =
    body !== undefined && hasValue(body, "choices")
      ? "; it is a whole completion: the server, or a proxy before it, does not stream"
      : "";
  return new InvalidResponseError(`${server.label}: expected an event stream, got ${came}${hint}`);
}

const fields = ["data", "event", "id", "retry", ":"];

/** Returns true if the answer begins like an event stream or is too short to tell. */
function mayBeEvents({ contentType, text }: AnswerBeginning): boolean {
  const start = text.trimStart();
  // Some servers send events with no content type or a wrong one.
  if (start === "") return contentType === "" || contentType.includes("event-stream");
  return fields.some((field) => start.startsWith(field) || field.startsWith(start));
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // a page, or a body longer than the beginning that was kept
  }
}

function hasValue(body: object, name: string): boolean {
  return (Reflect.get(body, name) ?? undefined) !== undefined;
}

/**
 * Makes an unrecognised error final. The server answered 200 with it, so a retry would get the same answer.
 */
function withoutRetry(error: Error): Error {
  if (!InferenceError.isInstance(error) || error.kind !== "server") return error;
  const { message, kind, replica, cause } = error;
  return new InferenceError(message, { kind, replica, cause, retryable: false });
}
