import { BinnacleError } from "@binnacle/core";
import { createResultStream, type EventFold } from "@binnacle/core/kit";
import type { Answer, AnswerEvent, AnswerStream } from "./answer.ts";

/**
 * Turns a generator of events into an {@link AnswerStream}. Calls `begin` on first use. The signal that
 * `begin` receives fires with the caller's signal and when the caller leaves the loop, so that the model
 * stops.
 */
export function createAnswerStream(
  signal: AbortSignal | undefined,
  begin: (signal: AbortSignal) => AsyncGenerator<AnswerEvent, void>,
): AnswerStream {
  return createResultStream({ signal, open: begin, fold: lastAnswer() });
}

function lastAnswer(): EventFold<AnswerEvent, Answer> {
  let answer: Answer | undefined;
  return {
    add: (event) => {
      if (event.type === "finish") answer = event.answer;
    },
    result: () => answer,
    interrupted: (message) => new BinnacleError("interrupted", message),
  };
}
