import { TritonBackend, TritonEmbedder, TritonReranker } from "@binnacle/inference/triton";
import { startTriton, tritonMissing } from "../../servers/triton.ts";
import type { ConformanceServer } from "../conformance-server.ts";

/** Triton over gRPC, with small models that have the tensors of the vLLM backend and of a served Qwen3-VL. */
export const triton: ConformanceServer = {
  name: "Triton",
  missing: () => tritonMissing(),
  async start() {
    const { url, close } = await startTriton();
    return {
      backend: async () => new TritonBackend({ url, model: "text-stream" }),
      embedder: async () => new TritonEmbedder({ url, model: "qwen3-vl" }),
      reranker: async () => new TritonReranker({ url, model: "scorer", scores: "probability" }),
      close,
    };
  },
};
