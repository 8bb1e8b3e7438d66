import { setTimeout as sleep } from "node:timers/promises";
import {
  BinnacleError,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type Embedder,
  type EmbedderInfo,
} from "@binnacle/core";

/** Settings of a {@link CountingModel}. */
export interface ModelOptions {
  readonly dimensions: number;
  /** Milliseconds on the model server per text. 0 answers at once. */
  readonly msPerText: number;
}

/**
 * A fake model that makes each vector from its text's hash. It counts its inputs and serves one call after
 * the other, like a server with one GPU.
 */
export class CountingModel {
  readonly dimensions: number;
  texts = 0;
  readonly #msPerText: number;
  #busyUntil = 0;

  constructor({ dimensions, msPerText }: ModelOptions) {
    this.dimensions = dimensions;
    this.#msPerText = msPerText;
  }

  async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    this.texts += texts.length;
    const now = performance.now();
    this.#busyUntil = Math.max(now, this.#busyUntil) + texts.length * this.#msPerText;
    if (this.#busyUntil > now) await sleep(this.#busyUntil - now);
    return texts.map((text) => this.vectorOf(text));
  }

  /** Returns the vector of a text, which is always the same. */
  vectorOf(text: string): Float32Array {
    const vector = new Float32Array(this.dimensions);
    let state = 2166136261; // FNV-1a over the text, then xorshift
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16777619);
    for (let i = 0; i < vector.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      vector[i] = (state || 1) / 2 ** 35;
    }
    return vector;
  }
}

/** Adapts the model to Binnacle's interface. */
export function asEmbedder(model: CountingModel): Embedder {
  const space = { id: "bench-model", dimensions: model.dimensions };
  const info: EmbedderInfo = { space, accepts: ["text"], maxItems: 64, concurrency: 1 };
  return {
    describe: () => Promise.resolve(info),
    embed: async (inputs: readonly EmbedInput[], { signal }: EmbedOptions): Promise<EmbedResult> => {
      signal?.throwIfAborted();
      const outcomes = await model.embed(inputs.map(textOf));
      return { spaceId: space.id, outcomes };
    },
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function textOf(input: EmbedInput): string {
  if (typeof input === "string") return input;
  throw new BinnacleError("unsupported", "the bench embeds plain texts");
}
