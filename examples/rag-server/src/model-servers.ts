import { ConfigurationError, type Embedder, type InferenceBackend } from "@binnacle/core";
import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { OpenAIBackend, OpenAIEmbedder } from "@binnacle/inference/openai";
import type { EmbeddingServerSettings, ModelServerSettings, ServerKind } from "./environment.ts";
import { probeServerKind, type ProbeOptions } from "./probe-server-kind.ts";
import { serverRoot } from "./server-root.ts";

/** Probes the server of `BINNACLE_LLM_URL` and creates its driver. */
export async function connectBackend(
  settings: ModelServerSettings,
  options?: ProbeOptions,
): Promise<InferenceBackend> {
  const { url, model, apiKey } = settings;
  const kind = await kindOf("BINNACLE_LLM", settings, options);
  if (kind === "llama-cpp") return new LlamaCppBackend({ url: serverRoot(url), model, apiKey });
  return new OpenAIBackend({ baseUrl: apiRoot(url), apiKey, model: requireModel("BINNACLE_LLM", model) });
}

/** Probes the server of `BINNACLE_EMBED_URL` and creates its driver. */
export async function connectEmbedder(
  settings: EmbeddingServerSettings,
  options?: ProbeOptions,
): Promise<Embedder> {
  const { url, model, apiKey, queryPrefix, documentPrefix, suggestedMinScore } = settings;
  const kind = await kindOf("BINNACLE_EMBED", settings, options);
  const common = { apiKey, queryPrefix, documentPrefix, suggestedMinScore };
  if (kind === "llama-cpp") return new LlamaCppEmbedder({ ...common, url: serverRoot(url), model });
  const named = requireModel("BINNACLE_EMBED", model);
  return new OpenAIEmbedder({ ...common, baseUrl: apiRoot(url), model: named });
}

type SupportedKind = Exclude<ServerKind, "triton" | "vllm"> | "openai";

async function kindOf(
  prefix: string,
  settings: ModelServerSettings,
  options?: ProbeOptions,
): Promise<SupportedKind> {
  const kind = settings.kind ?? (await probeServerKind(prefix, settings, options));
  if (kind === "triton") {
    throw new ConfigurationError(
      `${prefix}_URL is a Triton server, for which this release has no driver yet; use llama-server or an OpenAI-compatible server`,
    );
  }
  // vLLM speaks the OpenAI protocol. It has no driver of its own yet.
  return kind === "vllm" ? "openai" : kind;
}

/** Adds the version that OpenAI clients need to the server's address. */
function apiRoot(url: string): string {
  const root = url.replace(/\/+$/, "");
  return new URL(root).pathname === "/" ? `${root}/v1` : root;
}

function requireModel(prefix: string, model: string | undefined): string {
  if (model !== undefined) return model;
  throw new ConfigurationError(
    `${prefix}_MODEL is not set; an OpenAI-compatible server needs the model's name`,
  );
}
