import { ConfigurationError, type Embedder, type InferenceBackend } from "@binnacle/core";
import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";

/** Creates the embedder of `BINNACLE_EMBED_URL`, a llama-server. Undefined without it. */
export function embedderFromEnvironment(variables: NodeJS.ProcessEnv): Embedder | undefined {
  const url = variables["BINNACLE_EMBED_URL"];
  if (!url) return undefined;
  return new LlamaCppEmbedder({ url: checked("BINNACLE_EMBED_URL", url) });
}

/** Creates the backend of `BINNACLE_LLM_URL`, a llama-server. Undefined without it. */
export function backendFromEnvironment(variables: NodeJS.ProcessEnv): InferenceBackend | undefined {
  const url = variables["BINNACLE_LLM_URL"];
  if (!url) return undefined;
  return new LlamaCppBackend({ url: checked("BINNACLE_LLM_URL", url) });
}

function checked(variable: string, url: string): string {
  if (URL.canParse(url)) return url;
  throw new ConfigurationError(`${variable} is no address. Use one such as http://127.0.0.1:8080.`);
}
