import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";

/** Milliseconds for sending the last words of stopped answers. */
const farewellMs = 1000;

/** The running answers, so that a stopping server can wait for them. */
export interface RunningAnswers {
  /**
   * Returns the signal of one answer. It aborts when the client leaves, and when the server cannot wait
   * longer.
   */
  signalOf(response: ServerResponse): AbortSignal;
  /** Throws with code `stopped` while the server stops. */
  refuseNew(): void;
  /** Waits for all answers to end. After `graceMs` it stops the others with an error of code `stopped`. */
  stop(graceMs: number): Promise<void>;
}

export function createRunningAnswers(): RunningAnswers {
  const running = new Map<AbortController, Promise<void>>();
  let isStopping = false;
  const refuseNew = (): void => {
    if (isStopping) throw stopped();
  };
  return {
    refuseNew,
    signalOf: (response) => {
      refuseNew();
      const controller = new AbortController();
      const ended = new Promise<void>((resolve) => response.once("close", resolve)).then(() => {
        running.delete(controller);
        if (!response.writableFinished) controller.abort(new DOMException("The client left", "AbortError"));
      });
      running.set(controller, ended);
      return controller.signal;
    },
    stop: async (graceMs) => {
      isStopping = true;
      const allEnded = Promise.all(running.values());
      await Promise.race([allEnded, wait(graceMs, undefined, { ref: false })]);
      for (const controller of running.keys()) controller.abort(stopped());
      await Promise.race([allEnded, wait(farewellMs, undefined, { ref: false })]);
    },
  };
}

function stopped(): BinnacleError {
  return new BinnacleError("stopped", "the server is being stopped; ask again later", { retryable: true });
}
