import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";

/** How long the last words of answers that were stopped may take to be sent. */
const farewellMs = 1000;

/** Answers under way, so that a server that stops can wait for them. */
export interface RunningAnswers {
  /** The signal of one answer: fires when its client goes away, and when the server can wait no longer. */
  signalOf(response: ServerResponse): AbortSignal;
  /** Throws with code `stopped` once the server stops. */
  refuseNew(): void;
  /** Waits for all to end, and after `graceMs` stops the others with an error of code `stopped`. */
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
        if (!response.writableFinished)
          controller.abort(new DOMException("The client went away", "AbortError"));
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
