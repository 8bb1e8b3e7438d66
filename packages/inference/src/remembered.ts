import { BinnacleError } from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";

/** An answer of a server, asked for once and kept. */
export interface Remembered<T> {
  /** The answer; callers that ask together wait for one request. An abort ends the caller's own waiting only. */
  get(signal: AbortSignal | undefined): Promise<T>;
  /** The next call asks again. */
  forget(): void;
}

/** Keeps what `ask` resolves to; a failure is not kept. */
export function remembered<T>(ask: () => Promise<T>): Remembered<T> {
  let answer: Promise<T> | undefined;
  return {
    get(signal) {
      if (answer === undefined) {
        const asked = ask();
        answer = asked;
        asked.catch(() => {
          if (answer === asked) answer = undefined;
        });
      }
      return abortable(answer, signal);
    },
    forget() {
      answer = undefined;
    },
  };
}

/** The error of every call after `close()`. */
export function closedError(component: string): BinnacleError {
  return new BinnacleError("closed", `${component}: this was closed; make a new one`);
}
