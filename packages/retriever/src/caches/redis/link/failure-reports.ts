import type { BinnacleError } from "@binnacle/core";
import type { RedisCacheEvent } from "../redis-events.ts";
import type { SettingsWarning } from "./server-settings.ts";

const repeatEveryMs = 10_000;

/** Tells a listener what happens, and not the same thing a thousand times a second. */
export class FailureReports {
  readonly #onEvent: ((event: RedisCacheEvent) => void) | undefined;
  readonly #told = new Map<string, { readonly at: number; suppressed: number }>();
  readonly #warned = new Set<string>();
  /** The failure that was reported last. */
  last: BinnacleError | undefined;

  constructor(onEvent: ((event: RedisCacheEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  failure(error: BinnacleError): void {
    this.last = error;
    const now = performance.now();
    const told = this.#told.get(error.code);
    if (told !== undefined && now - told.at < repeatEveryMs) {
      told.suppressed += 1;
      return;
    }
    this.#told.set(error.code, { at: now, suppressed: 0 });
    this.#emit({ type: "failure", error, suppressed: told?.suppressed ?? 0 });
  }

  recovered(afterMs: number): void {
    this.#told.clear();
    this.#emit({ type: "recovered", afterMs });
  }

  warning({ code, message }: SettingsWarning): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#emit({ type: "warning", code, message });
  }

  /** Later, so that a listener that throws fails no call of the cache. */
  #emit(event: RedisCacheEvent): void {
    const onEvent = this.#onEvent;
    if (onEvent !== undefined) queueMicrotask(() => onEvent(event));
  }
}
