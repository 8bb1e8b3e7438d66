import { BinnacleError } from "../errors/binnacle-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { inputText, isMixedInput } from "../kit/embed-input.ts";
import type { InferenceCallOptions } from "../spec/call-options.ts";
import type { MediaPart } from "../spec/document.ts";
import type { EmbedInput, EmbedOptions, EmbedResult, Embedder, EmbedderInfo } from "../spec/embedder.ts";
import { fakeTurn } from "./fake-turn.ts";

/** Options of {@link FakeEmbedder}. */
export interface FakeEmbedderOptions {
  /** `VectorSpace.id` of the vectors. @default "fake" */
  readonly spaceId?: string | undefined;
  /** Numbers per vector. @default 64 */
  readonly dimensions?: number | undefined;
  /** Kinds of input. @default ["text"] */
  readonly accepts?: EmbedderInfo["accepts"] | undefined;
  /** Most UTF-16 units in one text. A longer text is an error in its own outcome. @default none */
  readonly maxCharacters?: number | undefined;
  /** Called before each `embed` with at least one input. If it throws, the call rejects. @default none */
  readonly onEmbed?: ((texts: readonly string[]) => void | Promise<void>) | undefined;
}

/**
 * An embedder for tests without a model. It hashes each word to a dimension, so texts with shared words have
 * similar vectors. Equal inputs have equal vectors. An image has the words in its bytes, such as a comment in the
 * file. It records the texts and images and counts the calls.
 */
export class FakeEmbedder implements Embedder {
  /** All texts embedded so far, in order. */
  readonly embedded: string[] = [];
  /** All images embedded so far, in order. */
  readonly images: MediaPart[] = [];
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
    const { spaceId = "fake", dimensions = 64, accepts = ["text"] } = this.#options;
    return { space: { id: spaceId, dimensions }, accepts, maxItems: 32, concurrency: 2 };
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
    const outcomes = inputs.map((input) => this.#outcome(input));
    this.images.push(
      ...inputs.flatMap((input, i) => (outcomes[i] instanceof Float32Array ? imagesOf(input) : [])),
    );
    return { spaceId, outcomes };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #outcome(input: EmbedInput): Float32Array | BinnacleError {
    const { maxCharacters = Infinity, accepts = ["text"] } = this.#options;
    const [text, images] = [inputText(input), imagesOf(input)];
    const kind = images.length === 0 ? "text" : text === "" ? "image" : "text+image";
    if (!accepts.includes(kind))
      return new UnsupportedError(`This fake accepts ${accepts.join(", ")}, but the input is ${kind}.`, {
        capability: "accepts",
      });
    if (kind === "text" && text === "")
      return new BinnacleError("empty_input", "The input is empty. Pass a text with at least one word.");
    const words = [text, ...images.map(({ data }) => new TextDecoder("latin1").decode(data))].join(" ");
    if (text.length <= maxCharacters) return this.#vector(words);
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

function imagesOf(input: EmbedInput): readonly MediaPart[] {
  if (typeof input === "string") return [];
  return input.content.flatMap((part) => (part.type === "image" ? [part.image] : []));
}
