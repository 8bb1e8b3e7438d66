import { ConfigurationError, type Embedder, type InferenceBackend } from "@binnacle/core";
import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { OpenAIBackend, OpenAIEmbedder } from "@binnacle/inference/openai";
import { createBackendPool, createEmbedderPool } from "@binnacle/inference/pool";
import { TritonBackend, TritonEmbedder } from "@binnacle/inference/triton";
import { VllmBackend, VllmEmbedder } from "@binnacle/inference/vllm";
import type { EmbeddingServerSettings, ModelServerSettings } from "./environment.ts";
import { findServers, type FoundServer } from "./find-servers.ts";
import type { ProbeOptions } from "./probe-server-kind.ts";

/** Probes the servers of `BINNACLE_LLM_URL` and creates a driver, or a pool for several servers. */
export async function connectBackend(
  settings: ModelServerSettings,
  options?: ProbeOptions,
): Promise<InferenceBackend> {
  const [first, ...others] = await findServers("BINNACLE_LLM", settings, options);
  if (others.length === 0) return backendOf(first, settings);
  const replica = (server: FoundServer) => ({
    name: server.url,
    driver: backendOf(server, settings, poolAttempts),
  });
  return createBackendPool({ replicas: [replica(first), ...others.map(replica)] });
}

/** Probes the servers of `BINNACLE_EMBED_URL` and creates a driver, or a pool for several servers. */
export async function connectEmbedder(
  settings: EmbeddingServerSettings,
  options?: ProbeOptions,
): Promise<Embedder> {
  const [first, ...others] = await findServers("BINNACLE_EMBED", settings, options);
  if (others.length === 0) return embedderOf(first, settings);
  const replica = (server: FoundServer) => ({
    name: server.url,
    driver: embedderOf(server, settings, poolAttempts),
  });
  return createEmbedderPool({ replicas: [replica(first), ...others.map(replica)] });
}

// The pool repeats calls itself, on other replicas.
const poolAttempts = { maxAttempts: 1 };

function backendOf(
  { url, kind }: FoundServer,
  { model, apiKey }: ModelServerSettings,
  attempts: { readonly maxAttempts?: number } = {},
): InferenceBackend {
  const common = { ...attempts, apiKey };
  switch (kind) {
    case "llama-cpp":
      return new LlamaCppBackend({ ...common, url, model });
    case "vllm":
      return new VllmBackend({ ...common, url, model });
    case "triton":
      return new TritonBackend({ ...common, url, model: requireModel("BINNACLE_LLM", kind, model) });
    case "openai":
      return new OpenAIBackend({
        ...common,
        baseUrl: apiRoot(url),
        model: requireModel("BINNACLE_LLM", kind, model),
      });
  }
}

function embedderOf(
  { url, kind }: FoundServer,
  settings: EmbeddingServerSettings,
  attempts: { readonly maxAttempts?: number } = {},
): Embedder {
  const { model, apiKey, queryPrefix, documentPrefix, suggestedMinScore } = settings;
  const common = { ...attempts, apiKey, queryPrefix, documentPrefix, suggestedMinScore };
  switch (kind) {
    case "llama-cpp":
      return new LlamaCppEmbedder({ ...common, url, model });
    case "vllm":
      return new VllmEmbedder({ ...common, url, model });
    case "triton":
      return new TritonEmbedder({ ...common, url, model: requireModel("BINNACLE_EMBED", kind, model) });
    case "openai":
      return new OpenAIEmbedder({
        ...common,
        baseUrl: apiRoot(url),
        model: requireModel("BINNACLE_EMBED", kind, model),
      });
  }
}

/** Adds the version that OpenAI clients need to the server's address. */
function apiRoot(url: string): string {
  return new URL(url).pathname === "/" ? `${url}/v1` : url;
}

function requireModel(prefix: string, kind: "triton" | "openai", model: string | undefined): string {
  if (model !== undefined) return model;
  const server = kind === "triton" ? "Triton" : "an OpenAI-compatible server";
  throw new ConfigurationError(`${prefix}_MODEL is not set; ${server} needs the model's name`);
}
