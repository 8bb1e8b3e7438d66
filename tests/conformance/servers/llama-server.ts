import { LlamaCppBackend, LlamaCppEmbedder, LlamaCppReranker } from "@binnacle/inference/llama-cpp";
import { llamaServerMissing, startLlamaServer } from "../../servers/llama-server.ts";
import type { ConformanceServer } from "../conformance-server.ts";

/** llama-server with SmolLM2 for chat and MiniLM for vectors. */
export const llamaServer: ConformanceServer = {
  name: "llama-server",
  missing: () => llamaServerMissing(),
  async start() {
    const chat = await startLlamaServer({ kind: "chat" });
    const embed = await startLlamaServer({ kind: "embed" });
    const rerank = await startLlamaServer({ kind: "rerank" });
    return {
      backend: async () => new LlamaCppBackend({ url: chat.url }),
      embedder: async () => new LlamaCppEmbedder({ url: embed.url }),
      reranker: async () => new LlamaCppReranker({ url: rerank.url }),
      close: async () => void (await Promise.all([chat.close(), embed.close(), rerank.close()])),
    };
  },
};
