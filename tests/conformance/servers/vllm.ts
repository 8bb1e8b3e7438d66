import { VllmBackend, VllmEmbedder, VllmReranker } from "@binnacle/inference/vllm";
import { startVllm, vllmMissing } from "../../servers/vllm/vllm.ts";
import type { ConformanceServer } from "../conformance-server.ts";

/** vLLM on the processor with SmolLM2 for chat and MiniLM for vectors. */
export const vllm: ConformanceServer = {
  name: "vLLM",
  missing: () => vllmMissing(),
  async start() {
    const chat = await startVllm({ kind: "chat" });
    const embed = await startVllm({ kind: "embed" });
    return {
      backend: async () => new VllmBackend({ url: chat.url }),
      embedder: async () => new VllmEmbedder({ url: embed.url }),
      reranker: async () => new VllmReranker({ url: embed.url }),
      close: async () => void (await Promise.all([chat.close(), embed.close()])),
    };
  },
};
