import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { OpenAIBackend, OpenAIEmbedder } from "@binnacle/inference/openai";
import { TritonBackend, TritonEmbedder } from "@binnacle/inference/triton";
import { VllmBackend, VllmEmbedder } from "@binnacle/inference/vllm";
import type { Embedder, InferenceBackend } from "@binnacle/core";

/** The servers to measure. A missing one is not measured. */
export interface Servers {
  readonly backend?: InferenceBackend | undefined;
  readonly embedder?: Embedder | undefined;
}

/** The server and its kind, from the command line. */
export interface Address {
  readonly kind: string;
  readonly url?: string | undefined;
  readonly embedUrl?: string | undefined;
  readonly model?: string | undefined;
}

type Connect = (address: string, model: string | undefined) => Required<Servers>;

const connects: Readonly<Record<string, Connect>> = {
  "llama-cpp": (url, model) => {
    const options = { url, ...(model === undefined ? {} : { model }) };
    return { backend: new LlamaCppBackend(options), embedder: new LlamaCppEmbedder(options) };
  },
  vllm: (url, model) => {
    const options = { url, ...(model === undefined ? {} : { model }) };
    return { backend: new VllmBackend(options), embedder: new VllmEmbedder(options) };
  },
  triton: (url, model = "vllm_model") => ({
    backend: new TritonBackend({ url, model }),
    embedder: new TritonEmbedder({ url, model }),
  }),
  openai: (baseUrl, model = "default") => ({
    backend: new OpenAIBackend({ baseUrl, model }),
    embedder: new OpenAIEmbedder({ baseUrl, model }),
  }),
};

/** Names of the kinds that can be measured. */
export const kinds: readonly string[] = Object.keys(connects);

/** Opens the drivers for the addresses. `url` generates and `embedUrl` embeds. */
export function connect({ kind, url, embedUrl, model }: Address): Servers {
  const open = connects[kind];
  if (open === undefined) throw new Error(`unknown kind "${kind}"; there are: ${kinds.join(", ")}`);
  return {
    backend: url === undefined ? undefined : open(url, model).backend,
    embedder: embedUrl === undefined ? undefined : open(embedUrl, model).embedder,
  };
}
