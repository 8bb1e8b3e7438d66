import { systemClock } from "@binnacle/core/kit";

/** Lets one loop sleep until something happens. */
export class Wake {
  #isFired = false;
  #resume: (() => void) | undefined;

  /** Ends the sleep, or the next sleep if the loop is awake. */
  fire(): void {
    this.#isFired = true;
    this.#resume?.();
  }

  /** Sleeps until {@link Wake.fire} is called, or until a time in epoch milliseconds. */
  async until(at: number): Promise<void> {
    if (!this.#isFired) {
      let cancel = (): void => undefined;
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        cancel = systemClock.startTimer(Math.max(0, at - Date.now()), resolve);
      });
      cancel();
      this.#resume = undefined;
    }
    this.#isFired = false;
  }
}
