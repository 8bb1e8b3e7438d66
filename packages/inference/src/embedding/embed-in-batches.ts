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

/** How to embed. */
export interface EmbedInBatchesOptions extends EmbedItemOptions {
  readonly space: VectorSpace;
  readonly maxItems: number;
  /** Most bytes of items in one request, unless one item alone has more. */
  readonly maxBytes: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** Sends one batch. An error that it throws of kind `too-long` or `invalid-request` is the fault of single items. */
  readonly send: (items: readonly EmbedItem[], signal: AbortSignal) => Promise<Embeddings>;
}

interface IndexedItem {
  readonly index: number;
  readonly item: EmbedItem;
}

type Outcome = Float32Array | BinnacleError;

/**
 * Embeds any number of inputs: in batches, several at a time, in input order. A batch that is refused for what it holds
 * is halved until the items at fault stand alone; they get the error, the others their vectors. A server that refuses
 * every item, a harmless text too, is not refusing the items: that rejects.
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

/** One call of {@link embedInBatches}, which knows whether the server has taken any of its items. */
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

  // A wrong model name, say, is refused in the same words as a wrong text. One more text tells them apart, and spares
  // the halving of every batch. Only an item is too long.
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
      `the server answered with ${vector.length} numbers where the space "${id}" has ${dimensions}; was its model changed?`,
    );
  }
  return denseVectorIssue(vector, dimensions) ?? normalized(vector);
}
