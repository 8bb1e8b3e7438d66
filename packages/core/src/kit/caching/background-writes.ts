/** Runs writes in the background, bounded in bytes. */
export class BackgroundWrites {
  readonly #maxBytes: number;
  readonly #writing = new Set<Promise<void>>();
  #bytes = 0;
  #dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Number of writes that were dropped, because too many bytes were waiting. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Starts a write, or drops it. `write` must not reject. */
  add(bytes: number, write: () => Promise<void>): void {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) {
      this.#dropped += 1;
      return;
    }
    this.#bytes += bytes;
    const written = write().finally(() => {
      this.#bytes -= bytes;
      this.#writing.delete(written);
    });
    this.#writing.add(written);
  }

  /** Resolves when all started writes have ended. */
  async settled(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }
}
