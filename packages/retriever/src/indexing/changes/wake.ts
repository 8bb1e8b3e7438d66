import { sleep } from "@binnacle/core/kit";

/** Lets one loop sleep until something happens. */
export class Wake {
  #isFired = false;
  #controller: AbortController | undefined;

  /** Something happened: whoever sleeps, or is about to, goes on. */
  fire(): void {
    this.#isFired = true;
    this.#controller?.abort();
  }

  /** Sleeps until {@link Wake.fire}, or until a moment in epoch milliseconds. */
  async until(at: number): Promise<void> {
    if (!this.#isFired) {
      this.#controller = new AbortController();
      const { signal } = this.#controller;
      // It rejects if it is woken, which is no failure.
      await sleep(Math.max(0, at - Date.now()), { signal }).catch(() => undefined);
      this.#controller = undefined;
    }
    this.#isFired = false;
  }
}
