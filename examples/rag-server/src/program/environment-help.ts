/** The environment variables that every command reads, in the order of the help. */
export const environmentVariables: Readonly<Record<string, string>> = {
  BINNACLE_LLM_URL: "server that writes answers (default: none)",
  BINNACLE_LLM_MODEL: "its model, needed by the OpenAI protocol",
  BINNACLE_LLM_API_KEY: "its key",
  BINNACLE_LLM_KIND: "llama-cpp, vllm or openai (default: asked)",
  BINNACLE_EMBED_URL: "server that embeds (default: none)",
  BINNACLE_EMBED_MODEL: "its model, needed by the OpenAI protocol",
  BINNACLE_EMBED_API_KEY: "its key",
  BINNACLE_EMBED_KIND: "as for the language model",
  BINNACLE_EMBED_QUERY_PREFIX: "prefix of queries, as the model needs it",
  BINNACLE_EMBED_DOCUMENT_PREFIX: "prefix of documents, as the model needs it",
  BINNACLE_EMBED_MIN_SCORE: "similarity below which hits are noise",
  BINNACLE_CACHE_ANSWERS: "yes: answers repeat from a cache (default: no)",
  BINNACLE_LANGUAGE: "language of the documents (default: english)",
  QDRANT_URL: "Qdrant server of the index (default: a file)",
  QDRANT_API_KEY: "its key",
  BINNACLE_API_KEYS: "keys that callers need (default: none)",
  REDIS_URL: "Redis server or cluster that caches vectors",
  QUEUE_REDIS_URL: "Redis that holds the jobs for workers",
};

/** Returns the environment variables for the end of the help. */
export function environmentHelp(): string {
  const width = Math.max(...Object.keys(environmentVariables).map((name) => name.length));
  const lines = Object.entries(environmentVariables).map(
    ([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`,
  );
  return ["", "Environment:", ...lines].join("\n");
}
