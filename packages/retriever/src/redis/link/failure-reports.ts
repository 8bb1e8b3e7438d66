import type { BinnacleError } from "@binnacle/core";
import type { RedisCacheEvent } from "../redis-events.ts";
import type { SettingsWarning } from "./server-settings.ts";

const repeatEveryMs = 10_000;

/**
 * Passes events to a listener. Failures of one code are limited to one event in ten seconds, warnings to one
 * each.
 */
export class FailureReports {
  readonly #onEvent: ((event: RedisCacheEvent) => void) | undefined;
  readonly #reported = new Map<string, { readonly at: number; suppressed: number }>();
  readonly #warned = new Set<string>();
  /** The failure that was reported last. */
  last: BinnacleError | undefined;

  constructor(onEvent: ((event: RedisCacheEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  failure(error: BinnacleError): void {
    this.last = error;
    const now = performance.now();
    const reported = this.#reported.get(error.code);
    if (reported !== undefined && now - reported.at < repeatEveryMs) {
      reported.suppressed += 1;
      return;
    }
    this.#reported.set(error.code, { at: now, suppressed: 0 });
    this.#emit({ type: "failure", error, suppressed: reported?.suppressed ?? 0 });
  }

  recovered(afterMs: number): void {
    this.#reported.clear();
    this.#emit({ type: "recovered", afterMs });
  }

  warning({ code, message }: SettingsWarning): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#emit({ type: "warning", code, message });
  }

  // The listener runs in a microtask, so that a listener that throws does not fail the call.
  #emit(event: RedisCacheEvent): void {
    const onEvent = this.#onEvent;
    if (onEvent !== undefined) queueMicrotask(() => onEvent(event));
  }
}
