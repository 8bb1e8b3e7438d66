import type { RagSystem } from "./rag-system.ts";

/**
 * Returns the last words of the demo: its address, the models that took part, and commands to add the missing
 * ones.
 */
export function closingWords(
  { backend, embedder }: Pick<RagSystem, "backend" | "embedder">,
  url: string | undefined,
): string {
  const serving = url === undefined ? [] : [`\nServing at ${url} (API: ${url}/docs). Ctrl-C stops.`];
  if (backend === undefined && embedder === undefined) {
    const nothing =
      "No model is in use: the search is lexical, and the answer is sentences of the documents.";
    return [...serving, `\n${nothing}`, ...bringing(language)].join("\n");
  }
  if (backend === undefined) {
    const half =
      "An embedder is in use, so the search is hybrid, but no language model: the answer is sentences";
    return [...serving, `\n${half} of the documents.`, ...bringing(language)].join("\n");
  }
  if (embedder !== undefined) return serving.join("\n");
  const half = "A language model wrote the answer. No embedder is in use, so the search is lexical.";
  return [...serving, `\n${half}`, ...bringing(embedding)].join("\n");
}

interface ModelServer {
  readonly variable: string;
  readonly what: string;
  readonly port: number;
  readonly arguments: string;
}

const language: ModelServer = {
  variable: "BINNACLE_LLM_URL",
  what: "a real one (llama.cpp, with any GGUF model)",
  port: 8080,
  arguments: "-m model.gguf --port 8080",
};
const embedding: ModelServer = {
  variable: "BINNACLE_EMBED_URL",
  what: "one (llama.cpp, with any GGUF embedding model)",
  port: 8081,
  arguments: "-m embedding-model.gguf --port 8081 --embeddings -b 2048 -ub 2048",
};

function bringing(server: ModelServer): readonly string[] {
  return [
    `Two commands bring ${server.what}:`,
    `  llama-server ${server.arguments}`,
    `  ${server.variable}=http://127.0.0.1:${server.port} npm run demo`,
  ];
}
