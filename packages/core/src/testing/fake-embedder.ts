import { BinnacleError } from "../errors/binnacle-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { inputText, isMixedInput } from "../kit/embed-input.ts";
import type { InferenceCallOptions } from "../spec/call-options.ts";
import type { EmbedInput, EmbedOptions, EmbedResult, Embedder, EmbedderInfo } from "../spec/embedder.ts";
import { fakeTurn } from "./fake-turn.ts";

/** Options of {@link FakeEmbedder}. */
export interface FakeEmbedderOptions {
  /** `VectorSpace.id` of the vectors. @default "fake" */
  readonly spaceId?: string | undefined;
  /** Numbers per vector. @default 64 */
  readonly dimensions?: number | undefined;
  /** Most UTF-16 units in one text. A longer text is an error in its own outcome. @default none */
  readonly maxCharacters?: number | undefined;
  /** Called before each `embed` with at least one input. If it throws, the call rejects. @default none */
  readonly onEmbed?: ((texts: readonly string[]) => void | Promise<void>) | undefined;
}

/**
 * An embedder for tests without a model. It hashes each word to a dimension, so texts with shared words have
 * similar vectors. Equal texts have equal vectors. It records the texts and counts the calls.
 */
export class FakeEmbedder implements Embedder {
  /** All texts embedded so far, in order. */
  readonly embedded: string[] = [];
  readonly #options: FakeEmbedderOptions;
  #calls = 0;
  #closed = false;

  constructor(options: FakeEmbedderOptions = {}) {
    this.#options = options;
  }

  /** Number of `embed` calls with at least one input. */
  get calls(): number {
    return this.#calls;
  }

  async describe(options?: InferenceCallOptions): Promise<EmbedderInfo> {
    await fakeTurn(() => this.#closed, options);
    const { spaceId = "fake", dimensions = 64 } = this.#options;
    return { space: { id: spaceId, dimensions }, accepts: ["text"], maxItems: 32, concurrency: 2 };
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    await fakeTurn(() => this.#closed, options);
    const { spaceId = "fake", onEmbed } = this.#options;
    if (inputs.length === 0) return { spaceId, outcomes: [] };
    const texts = inputs.map(textOf).filter((text) => text !== undefined);
    await onEmbed?.(texts);
    options.signal?.throwIfAborted();
    this.#calls += 1;
    this.embedded.push(...texts);
    return { spaceId, outcomes: inputs.map((input) => this.#outcome(textOf(input))) };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #outcome(text: string | undefined): Float32Array | BinnacleError {
    const { maxCharacters = Infinity } = this.#options;
    if (text === undefined)
      return new UnsupportedError("This fake embeds only texts. Give it text parts.", {
        capability: "accepts",
      });
    if (text.length <= maxCharacters) return this.#vector(text);
    return new BinnacleError(
      "input_too_long",
      `a text has ${text.length} characters, the limit is ${maxCharacters}`,
    );
  }

  #vector(text: string): Float32Array {
    const vector = new Float32Array(this.#options.dimensions ?? 64);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
      let hash = 2166136261; // FNV-1a
      for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619) >>> 0;
      const index = hash % vector.length;
      vector[index] = (vector[index] ?? 0) + 1;
    }
    const norm = Math.hypot(...vector);
    return vector.map((value) => value / norm);
  }
}

function textOf(input: EmbedInput): string | undefined {
  return isMixedInput(input) || inputText(input) === "" ? undefined : inputText(input);
}
