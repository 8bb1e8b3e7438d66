/** Longest stretch of work before other work of the process gets its turn, in milliseconds. */
const sliceMs = 8;

/** Cuts long calculations into slices, so that they do not block the event loop. */
export class TimeSlices {
  readonly #signal: AbortSignal | undefined;
  #endsAt = performance.now() + sliceMs;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** True if the slice is used up. Then await {@link TimeSlices.next}. */
  get isOver(): boolean {
    return performance.now() >= this.#endsAt;
  }

  /** Lets other work run. Rejects with the signal's reason if the signal has fired. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#signal?.throwIfAborted();
    this.#endsAt = performance.now() + sliceMs;
  }
}
