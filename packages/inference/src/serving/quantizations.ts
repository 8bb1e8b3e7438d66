/** A server program that this SDK has a driver for. `tensorrt-llm` is Triton's backend of that name. */
export type ServerKind = "llama-cpp" | "vllm" | "tensorrt-llm";

/** A format of model weights. The `q…` names are those of GGUF files. */
export type Quantization =
  | "f32"
  | "bf16"
  | "f16"
  | "fp8"
  | "int8"
  | "q8_0"
  | "q6_k"
  | "q5_k_m"
  | "q4_k_m"
  | "q4_0"
  | "awq"
  | "gptq"
  | "bitsandbytes";

/** The size of a format and the servers that load it. */
export interface QuantizationFacts {
  /** Bits per weight, with the scales that the format stores beside the weights. */
  readonly bits: number;
  readonly servers: readonly ServerKind[];
  /** Servers that load the format only on a GPU. */
  readonly gpuOnly: readonly ServerKind[];
}

// Bits of GGUF formats: llama.cpp, `tools/quantize/README.md`, measured on Llama 3.1 8B and rounded to 0.1.
// AWQ and GPTQ: 4 bits, and a 16-bit scale and a 4-bit zero point for each group of 128 weights.
// bitsandbytes: NF4, 4 bits and a 32-bit scale for each block of 64 weights.
// Servers: vLLM's table "Supported Hardware" of quantization, and the precision matrix of TensorRT-LLM.
// llama.cpp loads GGUF files only, and no GGUF file holds AWQ, GPTQ, FP8 or bitsandbytes weights.
const gguf = { servers: ["llama-cpp", "vllm"], gpuOnly: ["vllm"] } as const;
const grouped = {
  bits: 4 + (16 + 4) / 128,
  servers: ["vllm", "tensorrt-llm"],
  gpuOnly: ["tensorrt-llm"],
} as const;

/** The facts about each format. */
export const quantizations: Readonly<Record<Quantization, QuantizationFacts>> = {
  f32: { bits: 32, servers: ["llama-cpp", "vllm", "tensorrt-llm"], gpuOnly: ["tensorrt-llm"] },
  bf16: { bits: 16, servers: ["llama-cpp", "vllm", "tensorrt-llm"], gpuOnly: ["tensorrt-llm"] },
  f16: { bits: 16, servers: ["llama-cpp", "vllm", "tensorrt-llm"], gpuOnly: ["tensorrt-llm"] },
  fp8: { bits: 8, servers: ["vllm", "tensorrt-llm"], gpuOnly: ["vllm", "tensorrt-llm"] },
  int8: { bits: 8, servers: ["vllm", "tensorrt-llm"], gpuOnly: ["tensorrt-llm"] },
  q8_0: { bits: 8.5, ...gguf },
  q6_k: { bits: 6.6, ...gguf },
  q5_k_m: { bits: 5.7, ...gguf },
  q4_k_m: { bits: 4.9, ...gguf },
  q4_0: { bits: 4.7, ...gguf },
  awq: grouped,
  gptq: grouped,
  bitsandbytes: { bits: 4 + 32 / 64, servers: ["vllm"], gpuOnly: ["vllm"] },
};
