import { InvalidResponseError, type GenerationEvent, type GenerationStream } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";

/**
 * Throws an `InvalidResponseError` unless the backend returned a stream. The backend may be an app's own
 * code.
 */
export function checkStream(stream: GenerationStream): void {
  const given: unknown = stream;
  if (typeof given === "object" && given !== null && Symbol.asyncIterator in given && "result" in given)
    return;
  throw unusable(`stream() must return a GenerationStream at once, got ${describeValue(given)}`);
}

/** Throws an `InvalidResponseError` unless the value is an event of a generation. */
export function checkEvent(event: GenerationEvent): void {
  const given: unknown = event;
  if (typeof given !== "object" || given === null) throw unusable(`got ${describeValue(given)} as an event`);
  const type: unknown = Reflect.get(given, "type");
  if (typeof type !== "string") throw unusable(`got an event without a type: ${describeValue(given)}`);
  const text: unknown = Reflect.get(given, "text");
  if ((type === "text" || type === "reasoning") && typeof text !== "string")
    throw unusable(`the text of a ${type} event is ${describeValue(text)}`);
}

function unusable(message: string): InvalidResponseError {
  return new InvalidResponseError(`The backend's answer is invalid: ${message}. Correct the backend.`);
}
