import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { linkedController } from "./linked-controller.ts";
import { createPhaseTimer } from "./phase-timer.ts";
import { startTimer } from "./timer.ts";

/** Options of {@link createDeadline}. */
export interface DeadlineOptions extends Pick<CallOptions, "signal" | "deadlineAt"> {
  /** Who waits, for the error message: `LlamaCppBackend: http://127.0.0.1:8080`. */
  readonly label: string;
  /** Most milliseconds for the whole call, from now; the earlier of this and `deadlineAt` counts. @default none */
  readonly totalMs?: number | undefined;
}

/**
 * The time limit of one call: the caller's signal, one absolute deadline, and a timer for the phase the call is in.
 * Dispose of it when the call is over.
 */
export interface Deadline extends Disposable {
  /**
   * Aborted by whatever comes first. Its reason is the caller's own, unwrapped, or a `TimeoutError` with the phase that
   * took too long; `total` where the whole did.
   */
  readonly signal: AbortSignal;
  /** The moment of the absolute deadline in epoch milliseconds, to hand down; undefined where there is none. */
  readonly deadlineAt: number | undefined;
  /**
   * Starts a phase and ends the one before; entering a phase again starts its clock again, which is cheap enough to do
   * for every token. Without a limit the phase has none of its own.
   */
  enter(phase: string, limitMs?: number): void;
}

/** Starts the clock of one call. */
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
    expire("total", 0, "the deadline had passed before the call began: allowed");
  if (controller.signal.aborted) dispose();
  return {
    signal: controller.signal,
    deadlineAt: endsAt === Infinity ? undefined : endsAt,
    enter(phase, limitMs = Infinity) {
      current = phase;
      if (!over) phaseTimer.start(limitMs);
    },
    [Symbol.dispose]: dispose,
  };
}
