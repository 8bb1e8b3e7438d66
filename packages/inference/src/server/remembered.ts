import { BinnacleError } from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";

/** An answer of a server that is requested once and remembered. */
export interface Remembered<T> {
  /**
   * Returns the answer. Callers that ask at the same time share one request. An abort ends only that caller's
   * wait. Two seconds after its last caller has left, the request is aborted.
   */
  get(signal: AbortSignal | undefined): Promise<T>;
  /** The answer, or undefined if it has not arrived yet. */
  known(): T | undefined;
  /** Forgets the answer, so that the next call asks again. */
  forget(): void;
}

// Long enough for a slow server, so that the next caller finds the answer. Without an end, a server that
// hangs would keep the process alive.
const lingerMs = 2_000;

/** Creates a holder for the answer of `ask`. A failure is not remembered. */
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

/** One request that several callers may wait for. */
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
    this.#controller.abort(new BinnacleError("abandoned", "every caller left before the answer came"));
  }
}
