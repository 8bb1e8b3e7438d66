import { remembered, type Remembered } from "./remembered.ts";

/** More models than a router serves; the one asked about first is forgotten first. */
const maxModels = 64;

/** What a server said about each of its models. */
export class RememberedModels<T> {
  readonly #ask: (model: string | undefined, signal: AbortSignal) => Promise<T>;
  readonly #models = new Map<string | undefined, Remembered<T>>();

  constructor(ask: (model: string | undefined, signal: AbortSignal) => Promise<T>) {
    this.#ask = ask;
  }

  /** The answer about a model; undefined is the driver's own. See {@link Remembered.get}. */
  get(model: string | undefined, signal: AbortSignal | undefined): Promise<T> {
    const known = this.#models.get(model) ?? this.#add(model);
    return known.get(signal);
  }

  /** The next call asks again. */
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
