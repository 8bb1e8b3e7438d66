import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { linkedController } from "./linked-controller.ts";
import { createPhaseTimer } from "./phase-timer.ts";
import { startTimer } from "./timer.ts";

/** Options of {@link createDeadline}. */
export interface DeadlineOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Name of the call for error messages, such as `LlamaCppBackend: http://127.0.0.1:8080`. */
  readonly label: string;
  /** Longest time for the whole call from now, in milliseconds. The earlier of this and `deadlineAt` applies.
   * @default none */
  readonly totalMs?: number | undefined;
}

/**
 * The time limits of one call: the caller's signal, an absolute deadline, and a timer for the current phase.
 * Dispose of it when the call ends.
 */
export interface Deadline extends Disposable {
  /**
   * Aborts at the first of these limits. Its reason is the caller's own, unwrapped, or a `TimeoutError`. The
   * error's phase is the phase that took too long, or `total` for the whole call.
   */
  readonly signal: AbortSignal;
  /** The absolute deadline in epoch milliseconds, to pass on. Undefined without a deadline. */
  readonly deadlineAt: number | undefined;
  /**
   * Ends the current phase and starts the given one, with its own time limit if `limitMs` is given. Entering
   * the same phase again restarts its timer. This is cheap enough to do for every token.
   */
  enter(phase: string, limitMs?: number): void;
  /** Aborts the signal with this reason, unless the call ended before. */
  abort(reason: unknown): void;
}

/** Starts the timers of one call. */
export function createDeadline(options: DeadlineOptions): Deadline {
  const { label, deadlineAt = Infinity, totalMs = Infinity } = options;
  const startedAt = Date.now();
  const endsAt = Math.min(deadlineAt, startedAt + totalMs);
  const { controller, unlink } = linkedController(options.signal);
  let current = "start";
  let over = false;

  const expire = (phase: string, afterMs: number, what: string): void => {
    controller.abort(new TimeoutError(`${label}: ${what} ${afterMs} ms`, { afterMs, phase }));
  };
  const phaseTimer = createPhaseTimer((limitMs) => expire(current, limitMs, `${current} took more than`));
  const leftMs = Math.max(0, endsAt - startedAt);
  const cancelTotal = startTimer(leftMs, () => expire("total", leftMs, `not done (in ${current}) after`));
  const dispose = (): void => {
    over = true;
    cancelTotal();
    phaseTimer.stop();
    unlink();
    controller.signal.removeEventListener("abort", dispose);
  };

  controller.signal.addEventListener("abort", dispose, { once: true });
  if (!controller.signal.aborted && leftMs === 0)
    expire("total", 0, "the deadline passed before the call began: allowed");
  if (controller.signal.aborted) dispose();
  return {
    signal: controller.signal,
    deadlineAt: endsAt === Infinity ? undefined : endsAt,
    enter(phase, limitMs = Infinity) {
      current = phase;
      if (!over) phaseTimer.start(limitMs);
    },
    abort(reason) {
      if (!over) controller.abort(reason);
    },
    [Symbol.dispose]: dispose,
  };
}
