import { InferenceError, InvalidResponseError } from "@binnacle/core";
import { parseFailure } from "../failures/server-failure.ts";
import type { ModelServer } from "../server/model-server.ts";
import type { AnswerBeginning } from "./answer-beginning.ts";

/**
 * The error of an answer of status 200 in which no event came because it is no event stream: a proxy's page, an error, a
 * whole completion. Undefined if it may have been a stream that was cut.
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

/** Whether it begins as an event stream does, or could have before it was cut. */
function mayBeEvents({ contentType, text }: AnswerBeginning): boolean {
  const start = text.trimStart();
  // Some servers name no type, or a wrong one, for events.
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

/** The server answered 200 with an error that we do not recognise, so a retry would get the same answer. */
function withoutRetry(error: Error): Error {
  if (!InferenceError.isInstance(error) || error.kind !== "server") return error;
  const { message, kind, replica, cause } = error;
  return new InferenceError(message, { kind, replica, cause, retryable: false });
}
