import type { Cache, Embedder } from "@binnacle/core";
import { createCachedEmbedder } from "@binnacle/retriever";
import { CacheBackedEmbeddings } from "@langchain/classic/embeddings/cache_backed";
import { InMemoryStore } from "@langchain/core/stores";
import { LangchainModel } from "../index-langchain-model.ts";
import { CountingModel, asEmbedder } from "../index-model.ts";

/** Our cached embedder before a model that counts. */
export interface OurSide {
  readonly model: CountingModel;
  readonly embedder: Embedder;
}

export function ourSide(cache: Cache, dimensions: number): OurSide {
  const model = new CountingModel({ dimensions, msPerText: 0 });
  return { model, embedder: createCachedEmbedder(asEmbedder(model), { cache }) };
}

/** LangChain's, before the same model. */
export interface LangchainSide {
  readonly model: CountingModel;
  readonly store: InMemoryStore<Uint8Array>;
  readonly embeddings: CacheBackedEmbeddings;
}

/** `decimals`: how many a number has; all of a float32's without it. */
export function langchainSide(dimensions: number, decimals?: number): LangchainSide {
  const model = new CountingModel({ dimensions, msPerText: 0 });
  const store = new InMemoryStore<Uint8Array>();
  const embeddings = CacheBackedEmbeddings.fromBytesStore(new LangchainModel(model, decimals), store, {
    namespace: "bench-model",
  });
  return { model, store, embeddings };
}
