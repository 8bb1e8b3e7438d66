import { abortable } from "@binnacle/core/kit";

/** Lets calls with the same key run one after another. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `call` when every earlier call of this key has ended. A caller that is aborted stops waiting. */
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
