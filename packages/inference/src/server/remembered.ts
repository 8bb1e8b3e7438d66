import { BinnacleError } from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";

/** An answer of a server, asked for once and kept. */
export interface Remembered<T> {
  /**
   * The answer; callers that ask together wait for one request. An abort ends the caller's own waiting only; where nobody
   * waits any more the request is given two seconds, and then ended.
   */
  get(signal: AbortSignal | undefined): Promise<T>;
  /** The answer, where it is there. */
  known(): T | undefined;
  /** The next call asks again. */
  forget(): void;
}

// Long enough for a server that is only slow, so that the next caller finds the answer; a server that hangs would keep the
// process alive for as long as its requests are patient.
const lingerMs = 2_000;

/** Keeps what `ask` resolves to; a failure is not kept. */
export function remembered<T>(ask: (signal: AbortSignal) => Promise<T>): Remembered<T> {
  let question: Question<T> | undefined;
  return {
    async get(signal) {
      const asked = (question ??= new Question(ask, () => {
        if (question === asked) question = undefined;
      }));
      return asked.wait(signal);
    },
    known: () => question?.answer,
    forget() {
      question = undefined;
    },
  };
}

/** One request that several may wait for. */
class Question<T> {
  answer: T | undefined;
  readonly #controller = new AbortController();
  readonly #promise: Promise<T>;
  readonly #onFailure: () => void;
  #isSettled = false;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<T>, onFailure: () => void) {
    this.#onFailure = onFailure;
    this.#promise = ask(this.#controller.signal);
    const settle = (): void => {
      this.#isSettled = true;
      clearTimeout(this.#timer);
    };
    this.#promise
      .then((answer) => (this.answer = answer), onFailure)
      .finally(settle)
      .catch(() => undefined);
  }

  async wait(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting += 1;
    clearTimeout(this.#timer);
    try {
      return await abortable(this.#promise, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#isSettled) this.#timer = setTimeout(() => this.#end(), lingerMs);
    }
  }

  #end(): void {
    this.#onFailure();
    this.#controller.abort(new BinnacleError("abandoned", "nobody waited for the answer any more"));
  }
}
