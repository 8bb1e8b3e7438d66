import { ConfigurationError, type Embedder, type InferenceBackend } from "@binnacle/core";
import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { OpenAIBackend, OpenAIEmbedder } from "@binnacle/inference/openai";
import type { Environment, ModelServerSettings, ServerKind } from "./environment.ts";
import { probeServerKind } from "./probe-server-kind.ts";

/** The model servers in use; both may be missing. */
export interface ModelServers {
  readonly backend?: InferenceBackend | undefined;
  readonly embedder?: Embedder | undefined;
}

/** Finds out what the servers are and makes their drivers. */
export async function connectModelServers(
  environment: Environment,
  signal?: AbortSignal,
): Promise<ModelServers> {
  const { llm, embed } = environment;
  const [llmKind, embedKind] = await Promise.all([
    llm && kindOf("BINNACLE_LLM", llm, signal),
    embed && kindOf("BINNACLE_EMBED", embed, signal),
  ]);
  return {
    backend: llm && llmKind && createBackend(llm, llmKind),
    embedder: embed && embedKind && createEmbedder(embed, embedKind),
  };
}

type SupportedKind = Exclude<ServerKind, "triton" | "vllm"> | "openai";

async function kindOf(
  prefix: string,
  settings: ModelServerSettings,
  signal?: AbortSignal,
): Promise<SupportedKind> {
  const kind = settings.kind ?? (await probeServerKind(prefix, settings, signal));
  if (kind === "triton") {
    throw new ConfigurationError(
      `${prefix}_URL is a Triton server, for which this release has no driver yet; use llama-server or an OpenAI-compatible server`,
    );
  }
  // vLLM speaks the OpenAI protocol; its own driver, with what it adds to it, is still to come.
  return kind === "vllm" ? "openai" : kind;
}

function createBackend({ url, model, apiKey }: ModelServerSettings, kind: SupportedKind): InferenceBackend {
  if (kind === "llama-cpp") return new LlamaCppBackend({ url, model, apiKey });
  return new OpenAIBackend({ baseUrl: apiRoot(url), apiKey, model: requireModel("BINNACLE_LLM", model) });
}

function createEmbedder({ url, model, apiKey }: ModelServerSettings, kind: SupportedKind): Embedder {
  if (kind === "llama-cpp") return new LlamaCppEmbedder({ url, model, apiKey });
  return new OpenAIEmbedder({ baseUrl: apiRoot(url), apiKey, model: requireModel("BINNACLE_EMBED", model) });
}

/** OpenAI clients take the address with its version; people name the server. */
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
