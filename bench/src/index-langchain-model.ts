import { Embeddings } from "@langchain/core/embeddings";
import type { CountingModel } from "./index-model.ts";

/** Adapts the model to LangChain's interface. */
export class LangchainModel extends Embeddings {
  readonly #model: CountingModel;
  readonly #numberOf: (value: number) => number;

  /**
   * `decimals` is the number of decimals in a value, as some servers round. By default all digits of a
   * float32, as `openai`'s client and in-process models return them.
   */
  constructor(model: CountingModel, decimals?: number) {
    super({});
    this.#model = model;
    const scale = 10 ** (decimals ?? 0);
    this.#numberOf = decimals === undefined ? (value) => value : (value) => Math.round(value * scale) / scale;
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    return (await this.#model.embed(texts)).map((vector) => Array.from(vector, this.#numberOf));
  }

  override async embedQuery(text: string): Promise<number[]> {
    return (await this.embedDocuments([text]))[0] ?? [];
  }
}
