import { BinnacleError } from "@binnacle/core";
import { createResultStream, type EventFold } from "@binnacle/core/kit";
import type { Answer, AnswerEvent, AnswerStream } from "./answer.ts";

/** Makes a generator of events into an {@link AnswerStream}: begun on first use, iterated once. */
export function createAnswerStream(begin: () => AsyncGenerator<AnswerEvent, void>): AnswerStream {
  return createResultStream({ open: begin, fold: lastAnswer() });
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
