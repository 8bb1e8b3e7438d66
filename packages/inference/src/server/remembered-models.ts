import { remembered, type Remembered } from "./remembered.ts";

/** More models than a router serves. Beyond it, the model that was added first is forgotten. */
const maxModels = 64;

/** Remembers a server's answer about each of its models. */
export class RememberedModels<T> {
  readonly #ask: (model: string | undefined, signal: AbortSignal) => Promise<T>;
  readonly #models = new Map<string | undefined, Remembered<T>>();

  constructor(ask: (model: string | undefined, signal: AbortSignal) => Promise<T>) {
    this.#ask = ask;
  }

  /**
   * Returns the answer about a model. Undefined stands for the driver's own model. See {@link
   * Remembered.get}.
   */
  get(model: string | undefined, signal: AbortSignal | undefined): Promise<T> {
    const known = this.#models.get(model) ?? this.#add(model);
    return known.get(signal);
  }

  /** Forgets all answers, so that the next call asks again. */
  forget(): void {
    this.#models.clear();
  }

  #add(model: string | undefined): Remembered<T> {
    const [oldest] = this.#models.keys();
    if (this.#models.size >= maxModels) this.#models.delete(oldest);
    const added = remembered((signal) => this.#ask(model, signal));
    this.#models.set(model, added);
    return added;
  }
}
