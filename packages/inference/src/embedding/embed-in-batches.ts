import {
  BinnacleError,
  InferenceError,
  InvalidResponseError,
  type EmbedInput,
  type EmbedResult,
  type VectorSpace,
} from "@binnacle/core";
import { denseVectorIssue, inBatches, mapConcurrent, normalized } from "@binnacle/core/kit";
import { embedItem, itemBytes, type EmbedItem, type EmbedItemOptions } from "./embed-item.ts";
import type { Embeddings } from "./parse-embeddings.ts";

/** Options of {@link embedInBatches}. */
export interface EmbedInBatchesOptions extends EmbedItemOptions {
  readonly space: VectorSpace;
  readonly maxItems: number;
  /** Most bytes of items in one request. A single larger item is sent alone. */
  readonly maxBytes: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Sends one batch. If it throws an error of kind `too-long` or `invalid-request`, single items are to
   * blame.
   */
  readonly send: (items: readonly EmbedItem[], signal: AbortSignal) => Promise<Embeddings>;
}

interface IndexedItem {
  readonly index: number;
  readonly item: EmbedItem;
}

type Outcome = Float32Array | BinnacleError;

/**
 * Embeds any number of inputs and returns the outcomes in input order. Several batches run at the same time.
 *
 * A batch that is refused for its items is halved until each bad item stands alone. Bad items get the error,
 * all others their vectors. If the server refuses even a harmless text, the call rejects, because the items
 * are not to blame.
 */
export async function embedInBatches(
  inputs: readonly EmbedInput[],
  options: EmbedInBatchesOptions,
): Promise<EmbedResult> {
  const { space, maxItems, maxBytes, concurrency, signal } = options;
  const outcomes: Outcome[] = [];
  const items: IndexedItem[] = [];
  for (const [index, input] of inputs.entries()) {
    const item = embedItem(input, options);
    if (BinnacleError.isInstance(item)) outcomes[index] = item;
    else items.push({ index, item });
  }
  const bytesOf = ({ item }: IndexedItem): number => itemBytes(item);
  const batches = inBatches(items, { maxItems, maxBytes, bytesOf });
  const call = new Call(options);
  const replies = await mapConcurrent(batches, { concurrency, signal }, async (batch, _, batchSignal) => {
    const reply = await call.embedOrHalve(batch, batchSignal);
    for (const [position, { index }] of batch.entries()) {
      const outcome = reply.outcomes[position];
      if (outcome !== undefined) outcomes[index] = outcome;
    }
    return reply.tokens;
  });
  const counts = replies.filter((tokens) => tokens !== undefined);
  const usage = counts.length === 0 ? undefined : { tokens: counts.reduce((sum, tokens) => sum + tokens, 0) };
  return { spaceId: space.id, outcomes, usage };
}

interface Reply {
  readonly outcomes: readonly Outcome[];
  readonly tokens?: number | undefined;
}

/** One call of {@link embedInBatches}. It remembers whether the server has accepted any item. */
class Call {
  readonly #options: EmbedInBatchesOptions;
  #hasTakenItem = false;
  #refusesEverything: Promise<boolean> | undefined;

  constructor(options: EmbedInBatchesOptions) {
    this.#options = options;
  }

  async embedOrHalve(batch: readonly IndexedItem[], signal: AbortSignal): Promise<Reply> {
    const { space, send } = this.#options;
    const items = batch.map(({ item }) => item);
    try {
      const { vectors, tokens } = await send(items, signal);
      this.#hasTakenItem = true;
      return { outcomes: vectors.map((vector) => checked(vector, space)), tokens };
    } catch (error) {
      if (!isAboutInput(error) || (await this.#isAboutServer(error, signal))) throw error;
      if (batch.length === 1) return { outcomes: [error] };
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await this.embedOrHalve(batch.slice(0, middle), signal);
    const second = await this.embedOrHalve(batch.slice(middle), signal);
    const outcomes = [...first.outcomes, ...second.outcomes];
    return { outcomes, tokens: (first.tokens ?? 0) + (second.tokens ?? 0) };
  }

  // Servers refuse a wrong model name with the same error as a wrong text. One harmless text tells the two
  // apart and saves the halving of every batch. `too-long` always concerns an item.
  async #isAboutServer({ kind }: InferenceError, signal: AbortSignal): Promise<boolean> {
    if (kind !== "invalid-request" || this.#hasTakenItem) return false;
    this.#refusesEverything ??= this.#options.send([`${this.#options.prefix}a`], signal).then(
      () => false,
      (error: unknown) => {
        if (isAboutInput(error)) return error.kind === "invalid-request";
        throw error;
      },
    );
    return this.#refusesEverything;
  }
}

function isAboutInput(error: unknown): error is InferenceError {
  return InferenceError.isInstance(error) && (error.kind === "too-long" || error.kind === "invalid-request");
}

function checked(vector: Float32Array, { id, dimensions }: VectorSpace): Outcome {
  if (vector.length !== dimensions) {
    throw new InvalidResponseError(
      `the server returned a vector of ${vector.length} numbers, but the space "${id}" has ${dimensions}; its model may have changed`,
    );
  }
  return denseVectorIssue(vector, dimensions) ?? normalized(vector);
}
