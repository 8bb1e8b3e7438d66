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
  /** The options of the input's call. */
  readonly options: EmbedOptions;
}

/** The options that all calls of a batch share. */
export type BatchGroup = Pick<EmbedOptions, "role" | "tenant" | "priority">;

/** The outcome of one input. */
export interface BatchedOutcome {
  readonly outcome: Float32Array | BinnacleError;
  /**
   * The input's share of the tokens that the server counted for the batch. Undefined if the server counted
   * none.
   */
  readonly tokens: number | undefined;
}

/** Creates a batcher for the inputs of one group. */
export function createInputBatcher(
  embedder: Embedder,
  settings: BatchingSettings,
  { space, maxItems, concurrency }: EmbedderInfo,
  { role, tenant, priority }: BatchGroup,
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
      const call = { role, tenant, priority, signal, ...optionsOf(batch.map(({ options }) => options)) };
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

/** Returns the options of a batch, from those of its calls. */
function optionsOf(calls: readonly EmbedOptions[]): Partial<EmbedOptions> {
  // Each caller also keeps its own deadline, so the latest one is enough.
  const last = Math.max(...calls.map(({ deadlineAt }) => deadlineAt ?? Infinity));
  const fewest = Math.min(...calls.map(({ maxAttempts }) => maxAttempts ?? Infinity));
  return {
    deadlineAt: last === Infinity ? undefined : last,
    maxAttempts: fewest === Infinity ? undefined : fewest,
    traceparent: common(calls.map(({ traceparent }) => traceparent)),
    affinity: common(calls.map(({ affinity }) => affinity)),
    requestId: common(calls.map(({ requestId }) => requestId)),
  };
}

/** Returns the value that all share, or undefined. */
function common(values: readonly (string | undefined)[]): string | undefined {
  const [only, ...others] = new Set(values);
  return others.length === 0 ? only : undefined;
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
