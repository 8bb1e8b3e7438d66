import type { ItemSize } from "./batch-limits.ts";

/** One item in a batcher, and the outcome that its caller waits for. */
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
    this.outcome.catch(() => undefined); // the caller may await it only after the rejection
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Called when the outcome is settled. After an abort, that may be long before the batch ends. */
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
