/** Runs bodies one after the other, in the order of the calls. */
export class WriteLock {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the body does. A failed body does not stop the next body. */
  run<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#last.then(body);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
