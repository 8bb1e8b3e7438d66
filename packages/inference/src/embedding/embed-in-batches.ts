import {
  BinnacleError,
  InvalidResponseError,
  type EmbedInput,
  type EmbedResult,
  type VectorSpace,
} from "@binnacle/core";
import { denseVectorIssue, normalized } from "@binnacle/core/kit";
import { sendInBatches } from "../batching/send-in-batches.ts";
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

/** Embeds any number of inputs and returns the outcomes in input order. See {@link sendInBatches}. */
export async function embedInBatches(
  inputs: readonly EmbedInput[],
  options: EmbedInBatchesOptions,
): Promise<EmbedResult> {
  const { space, send, prefix, ...limits } = options;
  const items = inputs.map((input) => embedItem(input, options));
  const answer = await sendInBatches<EmbedItem, Float32Array>(items, {
    ...limits,
    bytesOf: itemBytes,
    harmless: `${prefix}a`,
    send: async (batch, signal) => {
      const { vectors, tokens } = await send(batch, signal);
      return { outcomes: vectors.map((vector) => checked(vector, space)), tokens };
    },
  });
  return { spaceId: space.id, ...answer };
}

function checked(vector: Float32Array, { id, dimensions }: VectorSpace): Float32Array | BinnacleError {
  const at = vector.findIndex((value) => Number.isNaN(value));
  if (at !== -1) {
    const message = `the server returned null or NaN in the vector of this text, at position ${at} of ${vector.length}. Shorten or correct the text, or use another model.`;
    return new BinnacleError("invalid_vector", message);
  }
  if (vector.length !== dimensions) {
    throw new InvalidResponseError(
      `the server returned a vector of ${vector.length} numbers, but the space "${id}" has ${dimensions}; its model may have changed`,
    );
  }
  const squares = squaresOf(vector);
  // Most servers return vectors of length 1, which then cost a single pass.
  if (Math.abs(squares - 1) < 1e-6) return vector;
  return denseVectorIssue(vector, dimensions) ?? normalized(vector);
}

function squaresOf(vector: Float32Array): number {
  let sum = 0;
  // An index is several times faster here than an iterator.
  for (let index = 0; index < vector.length; index++) sum += (vector[index] ?? 0) ** 2;
  return sum;
}
