import type { CallOptions } from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";

/** One call of an answerer under its deadline. */
export interface OngoingCall {
  /** The call options for every stage. All stages share one deadline and one signal. */
  readonly options: CallOptions;
  /** Names the stage that begins. The `TimeoutError` names the stage in which the deadline passed. */
  enter(phase: string): void;
  /** Stops the clock. */
  end(): void;
}

/** Starts the clock of a call. Throws the signal's reason if the signal has already fired. */
export function startCall(label: string, options: CallOptions, timeoutMs: number | undefined): OngoingCall {
  options.signal?.throwIfAborted();
  const { signal, deadlineAt } = options;
  const deadline = createDeadline({ label, signal, deadlineAt, totalMs: timeoutMs });
  return {
    options: { signal: deadline.signal, deadlineAt: deadline.deadlineAt, traceparent: options.traceparent },
    enter: (phase) => deadline.enter(phase),
    end: () => deadline[Symbol.dispose](),
  };
}
