import { resolve } from "node:path";
import type { Embedder } from "@binnacle/core";
import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createCachedEmbedder } from "@binnacle/retriever";
import { FileCache } from "./file-cache.ts";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";

/** A real embedding model with its server. */
export interface EvaluationEmbedder {
  readonly embedder: Embedder;
  close(): Promise<void>;
}

const cacheFile = resolve(import.meta.dirname, "../../.cache/evaluation/minilm.tsv");

/**
 * Opens all-MiniLM-L6-v2 on llama-server, or returns the reason why it cannot. Each text is
 * embedded once, and the next evaluation reads its vector from a file.
 */
export async function openEmbedder(): Promise<EvaluationEmbedder | string> {
  const missing = await llamaServerMissing();
  if (missing !== undefined) return missing;
  const server = await startLlamaServer({ kind: "embed" });
  const inner = new LlamaCppEmbedder({ url: server.url });
  const cache = await FileCache.open(cacheFile);
  const embedder = createCachedEmbedder(inner, { cache });
  return {
    embedder,
    close: async () => {
      for (const each of [embedder, cache, inner, server]) await each.close();
    },
  };
}
