import {
  BinnacleError,
  InvalidResponseError,
  UnsupportedError,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
  type InferenceCallOptions,
} from "@binnacle/core";
import {
  abortable,
  createDeadline,
  denseVectorIssue,
  describeValue,
  inBatches,
  inputText,
  isMixedInput,
  mapConcurrent,
  parseDescribeOptions,
  parseEmbedArguments,
} from "@binnacle/core/kit";
import { parseEmbedderOptions, type EmbedderOptions, type EmbedderSettings } from "./embedder-options.ts";

/**
 * Creates an embedder from a function, so that any provider takes a few lines. It splits the inputs into
 * batches, runs them concurrently, and checks the function's results. A call rejects with an
 * `InvalidResponseError` if the number of vectors or their length is wrong. It rejects with the retryable
 * code `embedding_failed` and the error as `cause` if the function fails. A `BinnacleError` of the function
 * is passed on unchanged.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/create-embedder.ts}
 */
export function createEmbedder(options: EmbedderOptions): Embedder {
  return new FunctionEmbedder(parseEmbedderOptions(options));
}

interface Item {
  readonly index: number;
  readonly text: string;
}

class FunctionEmbedder implements Embedder {
  readonly #settings: EmbedderSettings;
  readonly #label: string;
  #isClosed = false;

  constructor(settings: EmbedderSettings) {
    this.#settings = settings;
    this.#label = `createEmbedder "${settings.id}"`;
  }

  async describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    this.#assertOpen();
    parseDescribeOptions(this.#label, options).signal?.throwIfAborted();
    const { id, dimensions, suggestedMinScore, maxItems, maxTokensPerItem, concurrency } = this.#settings;
    return {
      space: { id, dimensions, suggestedMinScore },
      accepts: ["text"],
      maxItems,
      maxTokensPerItem,
      concurrency,
    };
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#assertOpen();
    const call = parseEmbedArguments(this.#label, inputs, options);
    const { id: spaceId, maxItems, concurrency } = this.#settings;
    const outcomes: (Float32Array | BinnacleError)[] = [];
    const items: Item[] = [];
    for (const [index, input] of inputs.entries()) {
      const text = textOf(input);
      if (typeof text === "string") items.push({ index, text });
      else outcomes[index] = text;
    }
    const deadline = createDeadline({ label: this.#label, signal: call.signal, deadlineAt: call.deadlineAt });
    try {
      deadline.signal.throwIfAborted();
      const limits = { concurrency, signal: deadline.signal };
      await mapConcurrent(inBatches(items, { maxItems }), limits, async (batch, _, signal) => {
        const vectors = await this.#call(
          batch.map(({ text }) => text),
          { ...call, signal },
        );
        for (const [position, { index }] of batch.entries())
          outcomes[index] = this.#outcome(vectors[position], position);
      });
      return { spaceId, outcomes };
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#settings.close?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Calls the function for one batch. Stops waiting when the signal fires, even if the function ignores it.
   */
  async #call(
    texts: readonly string[],
    options: EmbedOptions & { readonly signal: AbortSignal },
  ): Promise<readonly unknown[]> {
    const vectors: unknown = await abortable(this.#ask(texts, options), options.signal);
    if (!Array.isArray(vectors))
      throw this.#unusable(`expected an array with one vector per text, got ${describeValue(vectors)}`);
    if (vectors.length !== texts.length)
      throw this.#unusable(
        `it returned ${vectors.length} vectors for ${texts.length} texts. Return one vector per text, in order`,
      );
    return Array.from<unknown>(vectors);
  }

  async #ask(texts: readonly string[], options: EmbedOptions): Promise<unknown> {
    try {
      return await this.#settings.embed(texts, options);
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (BinnacleError.isInstance(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BinnacleError("embedding_failed", `${this.#label}: the function failed: ${reason}`, {
        cause,
        retryable: true,
      });
    }
  }

  #outcome(vector: unknown, position: number): Float32Array | BinnacleError {
    if (BinnacleError.isInstance(vector)) return vector;
    const { dimensions } = this.#settings;
    // The copy ensures that no two vectors share memory.
    const numbers = isNumbers(vector) ? Float32Array.from(vector) : undefined;
    if (numbers === undefined)
      throw this.#unusable(`vector ${position}: expected an array of numbers, got ${describeValue(vector)}`);
    if (numbers.length !== dimensions)
      throw this.#unusable(
        `vector ${position} has ${numbers.length} numbers, but \`dimensions\` is ${dimensions}`,
      );
    return denseVectorIssue(numbers, dimensions) ?? numbers;
  }

  #unusable(message: string): InvalidResponseError {
    return new InvalidResponseError(`${this.#label}: the function's result is invalid: ${message}.`);
  }

  #assertOpen(): void {
    if (this.#isClosed)
      throw new BinnacleError("closed", `${this.#label}: the embedder is closed. Create a new one.`);
  }
}

/**
 * Returns true for a list of numbers. Only the first element is checked, because a later wrong element
 * becomes NaN.
 */
function isNumbers(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return value.length === 0 || typeof value[0] === "number";
  return value instanceof Float32Array || value instanceof Float64Array;
}

function textOf(input: EmbedInput): string | BinnacleError {
  if (isMixedInput(input))
    return new UnsupportedError("The embedder accepts only texts. Use a multimodal embedder for images.", {
      capability: "image",
    });
  const text = inputText(input);
  if (text.trim() === "")
    return new BinnacleError("empty_input", "The text is empty. Pass a text with at least one word.");
  // A UTF-8 request cannot carry half of a surrogate pair.
  return text.toWellFormed();
}
