import { abortable } from "@binnacle/core/kit";

/** Runs calls with the same key one after another. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `call` after every earlier call of this key has ended. An aborted caller stops waiting. */
  async run<T>(key: string, call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const before = this.#last.get(key);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const mine = (before ?? Promise.resolve()).then(() => ended);
    this.#last.set(key, mine);
    try {
      if (before) await (signal ? abortable(before, signal) : before);
      return await call();
    } finally {
      end();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
