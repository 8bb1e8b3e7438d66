import { BinnacleError, InferenceError } from "@binnacle/core";
import { inBatches, mapConcurrent } from "@binnacle/core/kit";

/** The server's answer to one batch. */
export interface BatchAnswer<Outcome> {
  /** One outcome per item, in order. */
  readonly outcomes: readonly (Outcome | BinnacleError)[];
  /** Tokens of the batch, if the server reports them. */
  readonly tokens?: number | undefined;
}

/** Options of {@link sendInBatches}. */
export interface SendInBatchesOptions<Item, Outcome> {
  readonly maxItems: number;
  /** Most bytes of items in one request. A single larger item is sent alone. */
  readonly maxBytes: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly bytesOf: (item: Item) => number;
  /**
   * Sends one batch. If it throws an error of kind `too-long` or `invalid-request`, single items are to
   * blame.
   */
  readonly send: (items: readonly Item[], signal: AbortSignal) => Promise<BatchAnswer<Outcome>>;
  /** An item that no working server refuses. */
  readonly harmless: Item;
  /** True: a text that goes with every batch may be too long, such as a query. @default false */
  readonly hasSharedText?: boolean | undefined;
}

interface IndexedItem<Item> {
  readonly index: number;
  readonly item: Item;
}

/** The outcomes of all items in order, and the sum of the tokens that the server reported. */
export interface BatchedOutcomes<Outcome> {
  readonly outcomes: readonly (Outcome | BinnacleError)[];
  readonly usage?: { readonly tokens: number } | undefined;
}

/**
 * Sends any number of items and returns the outcomes in order. Errors among the items become outcomes. Several
 * batches run at the same time.
 *
 * A batch that is refused for its items is halved until each bad item stands alone. Bad items get the error,
 * all others their outcomes. If the server refuses even a harmless item, the call rejects, because the items
 * are not to blame.
 */
export async function sendInBatches<Item, Outcome>(
  items: readonly (Item | BinnacleError)[],
  options: SendInBatchesOptions<Item, Outcome>,
): Promise<BatchedOutcomes<Outcome>> {
  const { maxItems, maxBytes, concurrency, signal } = options;
  const outcomes: (Outcome | BinnacleError)[] = [];
  const good: IndexedItem<Item>[] = [];
  for (const [index, item] of items.entries()) {
    if (BinnacleError.isInstance(item)) outcomes[index] = item;
    else good.push({ index, item });
  }
  const bytesOf = ({ item }: IndexedItem<Item>): number => options.bytesOf(item);
  const batches = inBatches(good, { maxItems, maxBytes, bytesOf });
  const call = new Call(options);
  const answers = await mapConcurrent(batches, { concurrency, signal }, async (batch, _, batchSignal) => {
    const answer = await call.sendOrHalve(batch, batchSignal);
    for (const [position, { index }] of batch.entries()) {
      const outcome = answer.outcomes[position];
      if (outcome !== undefined) outcomes[index] = outcome;
    }
    return answer.tokens;
  });
  const counts = answers.filter((tokens) => tokens !== undefined);
  const usage = counts.length === 0 ? undefined : { tokens: counts.reduce((sum, tokens) => sum + tokens, 0) };
  return { outcomes, usage };
}

/** One call of {@link sendInBatches}. It remembers whether the server has accepted any item. */
class Call<Item, Outcome> {
  readonly #options: SendInBatchesOptions<Item, Outcome>;
  #hasTakenItem = false;
  #refusesEverything: Promise<boolean> | undefined;

  constructor(options: SendInBatchesOptions<Item, Outcome>) {
    this.#options = options;
  }

  async sendOrHalve(batch: readonly IndexedItem<Item>[], signal: AbortSignal): Promise<BatchAnswer<Outcome>> {
    const items = batch.map(({ item }) => item);
    try {
      const answer = await this.#options.send(items, signal);
      this.#hasTakenItem = true;
      return answer;
    } catch (error) {
      if (!isAboutItem(error) || (await this.#isAboutServer(error, signal))) throw error;
      if (batch.length === 1) return { outcomes: [error] };
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await this.sendOrHalve(batch.slice(0, middle), signal);
    const second = await this.sendOrHalve(batch.slice(middle), signal);
    const outcomes = [...first.outcomes, ...second.outcomes];
    return { outcomes, tokens: (first.tokens ?? 0) + (second.tokens ?? 0) };
  }

  // Servers refuse a wrong model name, and a query that is too long, with the same error as a wrong text. One
  // harmless item tells them apart and saves the halving of every batch.
  async #isAboutServer({ kind }: InferenceError, signal: AbortSignal): Promise<boolean> {
    const isAboutItems = kind !== "invalid-request" && this.#options.hasSharedText !== true;
    if (isAboutItems || this.#hasTakenItem) return false;
    this.#refusesEverything ??= this.#options.send([this.#options.harmless], signal).then(
      () => false,
      (error: unknown) => {
        if (isAboutItem(error)) return true;
        throw error;
      },
    );
    return this.#refusesEverything;
  }
}

function isAboutItem(error: unknown): error is InferenceError {
  return InferenceError.isInstance(error) && (error.kind === "too-long" || error.kind === "invalid-request");
}
