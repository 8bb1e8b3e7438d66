import { abortable } from "../time/abortable.ts";
import { createDeadline } from "../time/deadline.ts";
import type { CallOptions } from "../../spec/call-options.ts";

/** Work by key that callers who ask at the same time share. */
export interface SingleFlight<T> {
  /**
   * Joins the key's work if it is under way, or starts it. An abort or a deadline ends this caller's waiting alone; when
   * the last caller has left, the work's signal is aborted. A failure is everyone's, and is not kept.
   */
  run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    options?: Pick<CallOptions, "signal" | "deadlineAt">,
  ): Promise<T>;
  /** Whether the next caller would join. */
  isUnderWay(key: string): boolean;
  /** The next caller starts anew, because the work under way began before something changed. */
  forget(key: string): void;
}

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Makes a single flight. `label` says who waits, for the message of a deadline that passes. */
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
          flight.controller.abort(signal?.reason); // nothing, if the work has settled
        }
      }
    },
    isUnderWay: (key) => flights.has(key),
    forget: (key) => void flights.delete(key),
  };
}

/** A work that throws before its first wait fails like one that rejects. */
async function begin<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return work(signal);
}
