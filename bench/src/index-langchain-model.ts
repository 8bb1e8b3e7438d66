import { Embeddings } from "@langchain/core/embeddings";
import type { CountingModel } from "./index-model.ts";

/** The model as LangChain sees it. */
export class LangchainModel extends Embeddings {
  readonly #model: CountingModel;
  readonly #numberOf: (value: number) => number;

  /** `decimals`: how many a number has, as some servers round; all of a float32's without it, as `openai`'s client and in-process models give them. */
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
