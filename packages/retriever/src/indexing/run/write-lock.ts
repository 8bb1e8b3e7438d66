/** Runs bodies one after the other, in the order they were asked for. */
export class WriteLock {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the body does; a body that failed does not stop the next. */
  run<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#last.then(body);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
