import type {
  BinnacleError,
  ContentPart,
  EmbedInput,
  EmbedOptions,
  Embedder,
  EmbedderInfo,
} from "@binnacle/core";
import { createBatcher, embedChecked, inputText, type Batcher } from "@binnacle/core/kit";
import type { BatchingSettings } from "./batching-embedder-options.ts";

/** One input of one call. */
export interface BatchedInput {
  readonly input: EmbedInput;
  readonly deadlineAt: number | undefined;
  readonly traceparent: string | undefined;
}

/** The outcome of one input. */
export interface BatchedOutcome {
  readonly outcome: Float32Array | BinnacleError;
  /**
   * The input's share of the tokens that the server counted for the batch. Undefined if the server counted
   * none.
   */
  readonly tokens: number | undefined;
}

/** Creates a batcher for the inputs of one role. */
export function createInputBatcher(
  embedder: Embedder,
  settings: BatchingSettings,
  { space, maxItems, concurrency }: EmbedderInfo,
  role: EmbedOptions["role"],
): Batcher<BatchedInput, BatchedOutcome> {
  const { maxTokens, maxBytes, maxDelayMs, maxWaiting, tokenizer, clock } = settings;
  const tokensOf = ({ input }: BatchedInput): number => tokenizer?.count(inputText(input)) ?? 0;
  return createBatcher<BatchedInput, BatchedOutcome>({
    maxItems,
    maxTokens,
    tokensOf: maxTokens === undefined ? undefined : tokensOf,
    maxBytes,
    bytesOf: ({ input }) => bytesOf(input),
    maxDelayMs,
    maxWaiting,
    concurrency,
    clock,
    run: async (batch, signal) => {
      const inputs = batch.map(({ input }) => input);
      const call = { role, signal, deadlineAt: lastDeadline(batch), traceparent: commonTrace(batch) };
      const { outcomes, usage } = await embedChecked(embedder, inputs, call, space);
      const tokens = shares(usage?.tokens, inputs.map(bytesOf));
      return outcomes.map((outcome, index) => ({ outcome, tokens: tokens?.[index] }));
    },
  });
}

function bytesOf(input: EmbedInput): number {
  if (typeof input === "string") return Buffer.byteLength(input);
  return input.content.reduce((sum, part) => sum + partBytes(part), 0);
}

function partBytes(part: ContentPart): number {
  return part.type === "image" ? part.image.data.byteLength : Buffer.byteLength(part.text);
}

/**
 * Returns the latest deadline of the batch, because each caller also keeps its own. Undefined if an input has
 * none.
 */
function lastDeadline(batch: readonly BatchedInput[]): number | undefined {
  const last = Math.max(...batch.map(({ deadlineAt }) => deadlineAt ?? Infinity));
  return last === Infinity ? undefined : last;
}

/** Returns the trace that all inputs of the batch share, or undefined. */
function commonTrace(batch: readonly BatchedInput[]): string | undefined {
  const traces = new Set(batch.map(({ traceparent }) => traceparent));
  const [only] = traces;
  return traces.size === 1 ? only : undefined;
}

/** Splits a count in proportion to the sizes into whole numbers that add up to the count. */
function shares(count: number | undefined, sizes: readonly number[]): readonly number[] | undefined {
  if (count === undefined) return undefined;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let sizeSoFar = 0;
  let countSoFar = 0;
  return sizes.map((size, index) => {
    sizeSoFar += size;
    const upToHere = total === 0 ? ((index + 1) / sizes.length) * count : (sizeSoFar / total) * count;
    const share = Math.round(upToHere) - countSoFar;
    countSoFar += share;
    return share;
  });
}
