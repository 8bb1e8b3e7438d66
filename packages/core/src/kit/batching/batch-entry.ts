import type { ItemSize } from "./batch-limits.ts";

/** One item on its way through a batcher, and the outcome that its caller waits for. */
export class BatchEntry<T, R> {
  readonly item: T;
  readonly size: ItemSize;
  readonly addedAt: number;
  readonly outcome: Promise<R>;
  readonly #settle: PromiseWithResolvers<R>;
  #isSettled = false;
  #onSettled = (): void => undefined;

  constructor(item: T, size: ItemSize, addedAt: number) {
    this.item = item;
    this.size = size;
    this.addedAt = addedAt;
    this.#settle = Promise.withResolvers<R>();
    this.outcome = this.#settle.promise;
    this.outcome.catch(() => undefined); // its caller awaits it, perhaps only after it has been rejected
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Runs when the caller has its outcome, which may be an abort long before the batch ends. */
  set onSettled(callback: () => void) {
    this.#onSettled = callback;
  }

  resolve(result: R): void {
    this.#settle.resolve(result);
    this.#settled();
  }

  reject(reason: unknown): void {
    this.#settle.reject(reason);
    this.#settled();
  }

  #settled(): void {
    this.#isSettled = true;
    this.#onSettled();
  }
}
