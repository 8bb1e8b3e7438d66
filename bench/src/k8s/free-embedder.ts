import type { EmbedInput, EmbedResult, Embedder, EmbedderInfo } from "@binnacle/core";

/** An embedder that costs nothing, so that a figure is the time of everything else. It counts the texts. */
export class FreeEmbedder implements Embedder {
  embedded = 0;
  readonly #vector: Float32Array = new Float32Array(64).fill(1 / 8);

  describe(): Promise<EmbedderInfo> {
    const space = { id: "free", dimensions: this.#vector.length };
    return Promise.resolve({ space, accepts: ["text"], maxItems: 32, concurrency: 8 });
  }

  embed(inputs: readonly EmbedInput[]): Promise<EmbedResult> {
    this.embedded += inputs.length;
    return Promise.resolve({ spaceId: "free", outcomes: inputs.map(() => this.#vector) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
