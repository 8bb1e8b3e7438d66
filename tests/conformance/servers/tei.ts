import { TeiReranker } from "@binnacle/inference/tei";
import { llamaServerMissing, startLlamaServer } from "../../servers/llama-server.ts";
import type { ConformanceServer } from "../conformance-server.ts";

/**
 * The `/rerank` of text-embeddings-inference, which llama-server also has. The server itself cannot be
 * installed from a package registry.
 */
export const tei: ConformanceServer = {
  name: "TEI /rerank of llama-server",
  missing: () => llamaServerMissing(),
  async start() {
    const { url, close } = await startLlamaServer({ kind: "rerank" });
    return {
      // llama-server has no /info that names the model, and returns no probabilities.
      reranker: async () => new TeiReranker({ url, model: "MiniLM-rerank", scores: "logit" }),
      close,
    };
  },
};
