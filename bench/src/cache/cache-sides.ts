import type { Cache, Embedder } from "@binnacle/core";
import { createCachedEmbedder } from "@binnacle/retriever";
import { CacheBackedEmbeddings } from "@langchain/classic/embeddings/cache_backed";
import { InMemoryStore } from "@langchain/core/stores";
import { LangchainModel } from "../index-langchain-model.ts";
import { CountingModel, asEmbedder } from "../index-model.ts";

/** Our cached embedder in front of a model that counts its calls. */
export interface OurSide {
  readonly model: CountingModel;
  readonly embedder: Embedder;
}

export function ourSide(cache: Cache, dimensions: number): OurSide {
  const model = new CountingModel({ dimensions, msPerText: 0 });
  return { model, embedder: createCachedEmbedder(asEmbedder(model), { cache }) };
}

/** LangChain's cached embedder in front of the same model. */
export interface LangchainSide {
  readonly model: CountingModel;
  readonly store: InMemoryStore<Uint8Array>;
  readonly embeddings: CacheBackedEmbeddings;
}

/**
 * Creates LangChain's side. `decimals` is the number of decimals in a value; by default all digits of a
 * float32.
 */
export function langchainSide(dimensions: number, decimals?: number): LangchainSide {
  const model = new CountingModel({ dimensions, msPerText: 0 });
  const store = new InMemoryStore<Uint8Array>();
  const embeddings = CacheBackedEmbeddings.fromBytesStore(new LangchainModel(model, decimals), store, {
    namespace: "bench-model",
  });
  return { model, store, embeddings };
}
