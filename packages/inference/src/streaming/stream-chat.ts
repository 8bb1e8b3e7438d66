import type { CallOptions, GenerationEvent } from "@binnacle/core";
import { createDeadline, readServerSentEvents, type Deadline } from "@binnacle/core/kit";
import { KeptBeginning, type StreamedAnswer } from "./answer-beginning.ts";
import { readChatEvents } from "./read-chat-events.ts";
import type { StreamTimeoutSettings } from "./stream-timeouts.ts";
import { withPartial } from "./with-partial.ts";

/** What {@link streamChat} takes. */
export interface StreamChatOptions extends CallOptions {
  /** Who answers, for error messages: `LlamaCppBackend http://127.0.0.1:8080`. */
  readonly source: string;
  /** The server's address without credentials. */
  readonly replica: string;
  /** Takes the secrets out of a text: some servers repeat them. */
  readonly clean: (text: string) => string;
  /** The model's name, where the server does not say. */
  readonly model: string;
  readonly timeouts: StreamTimeoutSettings;
  /** Sends the request; resolves when the answer begins. */
  readonly send: (deadline: Deadline) => Promise<StreamedAnswer>;
  /** The driver's error for whatever was thrown; `partial` is undefined before the answer began. */
  readonly toError: (error: unknown, partial: string | undefined) => unknown;
  /** The driver's error for one that the server reported inside the stream. */
  readonly toReportedError: (error: unknown, partial: string) => Error;
}

/** Streams one chat completion under the timers `first-token`, `idle` and `total`. Leaving the loop closes the socket. */
export async function* streamChat(
  options: StreamChatOptions,
): AsyncGenerator<GenerationEvent, void, undefined> {
  const { source, signal, deadlineAt, timeouts } = options;
  const { firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs } = timeouts;
  const deadline = createDeadline({ label: source, signal, deadlineAt, totalMs: totalTimeoutMs });
  let partial: string | undefined;
  let begun = false;
  const onArrival = (kind: "token" | "alive"): void => {
    begun ||= kind === "token";
    if (begun) deadline.enter("idle", idleTimeoutMs);
  };
  try {
    deadline.signal.throwIfAborted();
    deadline.enter("first-token", firstTokenTimeoutMs);
    const beginning = new KeptBeginning(await options.send(deadline));
    partial = "";
    const reading = {
      ...options,
      onArrival,
      toError: options.toReportedError,
      beginning: () => beginning.get(),
    };
    for await (const event of readChatEvents(readServerSentEvents(beginning.bytes()), reading)) {
      if (event.type === "text") partial += event.text;
      if (begun) deadline.enter("reader"); // a reader who takes his time is no silence of the server
      yield event;
      if (begun) deadline.enter("idle", idleTimeoutMs);
    }
  } catch (error) {
    signal?.throwIfAborted(); // with the caller's reason as it is, be it a timeout of his own
    const failure: unknown = deadline.signal.aborted
      ? deadline.signal.reason
      : options.toError(error, partial);
    throw withPartial(failure, partial);
  } finally {
    deadline[Symbol.dispose]();
  }
}
