import type { Embedder } from "@binnacle/core";
import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createCachedEmbedder, MemoryCache } from "@binnacle/retriever";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";

/** A real embedding model with its server. */
export interface EvaluationEmbedder {
  readonly embedder: Embedder;
  close(): Promise<void>;
}

const cacheBytes = 64 * 1024 * 1024;

/**
 * Opens all-MiniLM-L6-v2 on llama-server, or returns the reason why it cannot. Repeated texts are embedded
 * once.
 */
export async function openEmbedder(): Promise<EvaluationEmbedder | string> {
  const missing = await llamaServerMissing();
  if (missing !== undefined) return missing;
  const server = await startLlamaServer({ kind: "embed" });
  const inner = new LlamaCppEmbedder({ url: server.url });
  const cache = new MemoryCache({ maxBytes: cacheBytes });
  const embedder = createCachedEmbedder(inner, { cache });
  return {
    embedder,
    close: async () => {
      for (const each of [embedder, cache, inner, server]) await each.close();
    },
  };
}
