import { abortable } from "../time/abortable.ts";
import { createDeadline } from "../time/deadline.ts";
import type { CallOptions } from "../../spec/call-options.ts";

/** Runs work by key, so that simultaneous callers of a key share one run. */
export interface SingleFlight<T> {
  /**
   * Joins the running work of the key, or starts it. An abort or a deadline ends only this caller's wait. The
   * work's signal aborts when the last caller has left. A failure rejects all current callers and is not
   * kept.
   */
  run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    options?: Pick<CallOptions, "signal" | "deadlineAt">,
  ): Promise<T>;
  /** Returns true if work of the key is running, so that the next caller joins it. */
  isUnderWay(key: string): boolean;
  /** Makes the next caller start new work, because the running work may be out of date. */
  forget(key: string): void;
}

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Creates a single flight. `label` names the caller in the message of a `TimeoutError`. */
export function createSingleFlight<T>(label: string): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();
  const release = (key: string, flight: Flight<T>): void => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const controller = new AbortController();
    const flight: Flight<T> = { promise: begin(work, controller.signal), controller, waiting: 0 };
    flights.set(key, flight);
    const settle = (): void => release(key, flight);
    flight.promise.then(settle, settle);
    return flight;
  };
  return {
    async run(key, work, { signal, deadlineAt } = {}) {
      using deadline = deadlineAt === undefined ? undefined : createDeadline({ label, signal, deadlineAt });
      const until = deadline?.signal ?? signal;
      until?.throwIfAborted();
      const flight = flights.get(key) ?? start(key, work);
      flight.waiting += 1;
      try {
        return await abortable(flight.promise, until);
      } finally {
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          release(key, flight);
          flight.controller.abort(signal?.reason); // has no effect on settled work
        }
      }
    },
    isUnderWay: (key) => flights.has(key),
    forget: (key) => void flights.delete(key),
  };
}

/** Turns an error that the work throws synchronously into a rejection. */
async function begin<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return work(signal);
}
