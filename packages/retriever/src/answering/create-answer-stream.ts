import { BinnacleError } from "@binnacle/core";
import type { Answer, AnswerEvent, AnswerStream } from "./answer.ts";

/** Makes a generator of events into an {@link AnswerStream}: begun on first use, iterated once. */
export function createAnswerStream(begin: () => AsyncGenerator<AnswerEvent, void>): AnswerStream {
  const reader = new AnswerReader(begin);
  let iterated = false;
  let result: Promise<Answer> | undefined;
  return {
    get result(): Promise<Answer> {
      if (result === undefined) {
        result = reader.drain();
        result.catch(() => undefined); // the promise keeps its rejection for whoever awaits it; nobody has to
      }
      return result;
    },
    [Symbol.asyncIterator](): AsyncIterator<AnswerEvent> {
      if (iterated) {
        throw new BinnacleError(
          "already_iterated",
          "an answer stream can be iterated once; its result can be awaited as often as you like",
        );
      }
      iterated = true;
      return reader.events();
    },
  };
}

/** Reads one source for two readers, the caller's loop and the result, whichever comes first. */
class AnswerReader {
  readonly #begin: () => AsyncGenerator<AnswerEvent, void>;
  readonly #unread: AnswerEvent[] = [];
  #source: AsyncGenerator<AnswerEvent, void> | undefined;
  #advancing: Promise<void> | undefined;
  #answer: Answer | undefined;
  #end: { readonly error?: unknown } | undefined;

  constructor(begin: () => AsyncGenerator<AnswerEvent, void>) {
    this.#begin = begin;
  }

  async *events(): AsyncGenerator<AnswerEvent, void> {
    try {
      for (;;) {
        const event = this.#unread.shift();
        if (event !== undefined) yield event;
        else if (this.#end === undefined) await this.#advance();
        else break;
      }
      if ("error" in this.#end) throw this.#end.error;
    } finally {
      await this.#leave();
    }
  }

  async drain(): Promise<Answer> {
    while (this.#end === undefined) await this.#advance();
    if ("error" in this.#end) throw this.#end.error;
    if (this.#answer !== undefined) return this.#answer;
    throw new BinnacleError("interrupted", "the answer ended before it was finished");
  }

  #advance(): Promise<void> {
    this.#advancing ??= this.#step().finally(() => (this.#advancing = undefined));
    return this.#advancing;
  }

  async #step(): Promise<void> {
    try {
      this.#source ??= this.#begin();
      const next = await this.#source.next();
      if (next.done === true) {
        this.#end ??= {};
        return;
      }
      if (next.value.type === "finish") this.#answer = next.value.answer;
      this.#unread.push(next.value);
    } catch (error) {
      this.#end ??= { error };
    }
  }

  async #leave(): Promise<void> {
    if (this.#end !== undefined) return;
    const message = "the loop over the answer was left before its end";
    this.#end = this.#answer === undefined ? { error: new BinnacleError("interrupted", message) } : {};
    await this.#source?.return();
  }
}
