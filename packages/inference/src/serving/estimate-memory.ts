import { ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { quantizations, type Quantization, type ServerKind } from "./quantizations.ts";

/** Options of {@link estimateMemory}. The model's `config.json` or its GGUF header holds its sizes. */
export interface MemoryOptions {
  readonly server: ServerKind;
  /** Hardware that holds the weights. @default "gpu" */
  readonly device?: "cpu" | "gpu" | undefined;
  /** Number of weights, such as `8.2e9`. */
  readonly parameters: number;
  readonly quantization: Quantization;
  /**
   * Number of `parameters` that stay at 16 bits. Examples are the token table of an AWQ model and a vision
   * encoder in its own file. @default 0
   */
  readonly unquantizedParameters?: number | undefined;
  /** `num_hidden_layers`. */
  readonly layers: number;
  /** `num_key_value_heads`, which is smaller than `num_attention_heads` in most models. */
  readonly kvHeads: number;
  /** `head_dim`, or `hidden_size` divided by `num_attention_heads` if the model does not name it. */
  readonly headDimensions: number;
  /** Most tokens of one request: prompt and answer. */
  readonly contextTokens: number;
  /** Requests at the same time. @default 1 */
  readonly batch?: number | undefined;
  /** Bits per value in the KV cache: 16, or 8 for `--kv-cache-dtype fp8` or `-ctk q8_0`. @default 16 */
  readonly kvBits?: 8 | 16 | undefined;
}

/** The memory that a model server needs. */
export interface MemoryEstimate {
  readonly weightBytes: number;
  /** Keys and values of all requests with a full context. */
  readonly kvCacheBytes: number;
  /** Weights and KV cache, and a ninth for activations, buffers and the driver. */
  readonly totalBytes: number;
}

const count = z.int().positive();
const schema = z.strictObject({
  server: z.enum(["llama-cpp", "vllm", "tensorrt-llm"]),
  device: z.enum(["cpu", "gpu"]).default("gpu"),
  parameters: z.number().positive(),
  quantization: z.enum([
    "f32",
    "bf16",
    "f16",
    "fp8",
    "int8",
    "q8_0",
    "q6_k",
    "q5_k_m",
    "q4_k_m",
    "q4_0",
    "awq",
    "gptq",
    "bitsandbytes",
  ]),
  unquantizedParameters: z.number().min(0).default(0),
  layers: count,
  kvHeads: count,
  headDimensions: count,
  contextTokens: count,
  batch: count.default(1),
  kvBits: z.union([z.literal(8), z.literal(16)]).default(16),
});

// vLLM takes 90 % of a GPU for weights and KV cache (`--gpu-memory-utilization 0.9`) and leaves the rest free.
const usableShare = 0.9;

/**
 * Estimates the memory of a model server before it is started.
 *
 * The weights are `parameters × bits ÷ 8`. The KV cache is `2 × layers × kvHeads × headDimensions ×
 * contextTokens × batch × kvBits ÷ 8`, because each layer keeps one key and one value per token. Models with
 * sliding windows or compressed keys need less. Throws a `ConfigurationError` if the server cannot load the
 * format on the device.
 */
export function estimateMemory(options: MemoryOptions): MemoryEstimate {
  const given = parseOptions("estimateMemory", schema, options);
  const { parameters, quantization, unquantizedParameters, server, device } = given;
  const issue = pairIssue(quantization, server, device);
  if (issue !== undefined) {
    throw new ConfigurationError(`estimateMemory: ${issue}`, {
      issues: [{ path: "quantization", message: issue }],
    });
  }
  const quantized = Math.max(0, parameters - unquantizedParameters);
  const weightBytes = (quantized * quantizations[quantization].bits + unquantizedParameters * 16) / 8;
  const { layers, kvHeads, headDimensions, contextTokens, batch, kvBits } = given;
  const kvCacheBytes = (2 * layers * kvHeads * headDimensions * contextTokens * batch * kvBits) / 8;
  return {
    weightBytes: Math.ceil(weightBytes),
    kvCacheBytes,
    totalBytes: Math.ceil((weightBytes + kvCacheBytes) / usableShare),
  };
}

function pairIssue(
  quantization: Quantization,
  server: ServerKind,
  device: "cpu" | "gpu",
): string | undefined {
  const { servers, gpuOnly } = quantizations[quantization];
  const loads = Object.entries(quantizations).flatMap(([name, facts]) =>
    facts.servers.includes(server) && (device === "gpu" || !facts.gpuOnly.includes(server)) ? [name] : [],
  );
  const wayOut = loads.length === 0 ? 'use device "gpu"' : `use ${loads.join(", ")}`;
  if (!servers.includes(server))
    return `${server} cannot load "${quantization}" weights; ${wayOut}, or serve the model with ${servers.join(" or ")}`;
  if (device === "cpu" && gpuOnly.includes(server))
    return `${server} loads "${quantization}" weights only on a GPU; ${wayOut}`;
  return undefined;
}
