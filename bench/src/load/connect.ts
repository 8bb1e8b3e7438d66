import { LlamaCppBackend, LlamaCppEmbedder, LlamaCppReranker } from "@binnacle/inference/llama-cpp";
import { OpenAIBackend, OpenAIEmbedder } from "@binnacle/inference/openai";
import { TeiReranker } from "@binnacle/inference/tei";
import { TritonBackend, TritonEmbedder, TritonReranker } from "@binnacle/inference/triton";
import { VllmBackend, VllmEmbedder, VllmReranker } from "@binnacle/inference/vllm";
import type { Embedder, InferenceBackend, Reranker } from "@binnacle/core";

/** The servers to measure. A missing one is not measured. */
export interface Servers {
  readonly backend?: InferenceBackend | undefined;
  readonly embedder?: Embedder | undefined;
  readonly reranker?: Reranker | undefined;
}

/** The server and its kind, from the command line. */
export interface Address {
  readonly kind: string;
  readonly url?: string | undefined;
  readonly embedUrl?: string | undefined;
  readonly rerankUrl?: string | undefined;
  readonly model?: string | undefined;
}

type Connect = (address: string, model: string | undefined) => Required<Servers>;

const connects: Readonly<Record<string, Connect>> = {
  "llama-cpp": (url, model) => {
    const options = { url, ...(model === undefined ? {} : { model }) };
    return {
      backend: new LlamaCppBackend(options),
      embedder: new LlamaCppEmbedder(options),
      reranker: new LlamaCppReranker(options),
    };
  },
  vllm: (url, model) => {
    const options = { url, ...(model === undefined ? {} : { model }) };
    return {
      backend: new VllmBackend(options),
      embedder: new VllmEmbedder(options),
      reranker: new VllmReranker(options),
    };
  },
  triton: (url, model = "vllm_model") => ({
    backend: new TritonBackend({ url, model }),
    embedder: new TritonEmbedder({ url, model }),
    reranker: new TritonReranker({ url, model }),
  }),
  openai: (baseUrl, model = "default") => ({
    backend: new OpenAIBackend({ baseUrl, model }),
    embedder: new OpenAIEmbedder({ baseUrl, model }),
    // OpenAI's protocol has no reranking.
    reranker: new TeiReranker({ url: new URL(baseUrl).origin }),
  }),
};

/** Names of the kinds that can be measured. */
export const kinds: readonly string[] = Object.keys(connects);

/** Opens the drivers for the addresses. `url` generates, `embedUrl` embeds and `rerankUrl` reranks. */
export function connect({ kind, url, embedUrl, rerankUrl, model }: Address): Servers {
  const open = connects[kind];
  if (open === undefined) throw new Error(`unknown kind "${kind}"; there are: ${kinds.join(", ")}`);
  return {
    backend: url === undefined ? undefined : open(url, model).backend,
    embedder: embedUrl === undefined ? undefined : open(embedUrl, model).embedder,
    reranker: rerankUrl === undefined ? undefined : open(rerankUrl, model).reranker,
  };
}
