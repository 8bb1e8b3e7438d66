import type { CallOptions } from "@binnacle/core";
import { createDeadline } from "@binnacle/core/kit";

/** One call under its deadline. */
export interface OngoingCall {
  /** To hand to every stage: they share one deadline and one signal. */
  readonly options: CallOptions;
  /** Names the stage that begins, for the error where time runs out in it. */
  enter(phase: string): void;
  /** Stops the clock. */
  end(): void;
}

/** Starts the clock of a call. Throws where its signal has fired already. */
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
