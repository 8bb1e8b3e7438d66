import { describe, expect, test } from "vitest";
import { estimateMemory, type MemoryOptions } from "./estimate-memory.ts";

const llama8b: MemoryOptions = {
  server: "llama-cpp",
  parameters: 8.03e9,
  quantization: "q4_k_m",
  layers: 32,
  kvHeads: 8,
  headDimensions: 128,
  contextTokens: 2_048,
};

describe("estimateMemory", () => {
  test("returns the KV cache that llama.cpp reports for Llama 3 8B and 70B at 2,048 tokens (T13)", () => {
    expect(estimateMemory(llama8b).kvCacheBytes).toBe(256 * 1_024 ** 2);
    const large = { ...llama8b, parameters: 70.6e9, layers: 80 };
    expect(estimateMemory(large).kvCacheBytes).toBe(640 * 1_024 ** 2);
  });

  test("returns the size of Llama 3.1 8B's weights within 3 % (T13)", () => {
    // The sizes of the published GGUF files in bytes.
    const files = { q4_k_m: 4_920_739_232, q5_k_m: 5_732_992_416, q6_k: 6_596_011_424, q8_0: 8_540_775_840 };
    for (const [name, bytes] of Object.entries(files)) {
      const quantization = name === "q4_k_m" || name === "q5_k_m" || name === "q6_k" ? name : "q8_0";
      const { weightBytes } = estimateMemory({ ...llama8b, quantization });
      expect(Math.abs(weightBytes / bytes - 1), name).toBeLessThan(0.03);
    }
  });

  test("multiplies the cache by requests and halves it for 8 bits, but leaves the weights alone (T52)", () => {
    const one = estimateMemory(llama8b);
    const eight = estimateMemory({ ...llama8b, batch: 8, kvBits: 8 });
    expect(eight.kvCacheBytes).toBe(one.kvCacheBytes * 4);
    expect(eight.weightBytes).toBe(one.weightBytes);
    expect(eight.totalBytes).toBeCloseTo((eight.weightBytes + eight.kvCacheBytes) / 0.9, -1);
  });

  test("counts the parameters that stay at 16 bits", () => {
    const options = { ...llama8b, server: "vllm", quantization: "awq" } as const;
    const plain = estimateMemory(options);
    const table = estimateMemory({ ...options, unquantizedParameters: 1.05e9 });
    expect(table.weightBytes - plain.weightBytes).toBeCloseTo((1.05e9 * (16 - 4.15625)) / 8, -1);
  });

  test("refuses weights that a server cannot load, and names a way out (T12, T13)", () => {
    const estimate = (over: Partial<MemoryOptions>) => () => estimateMemory({ ...llama8b, ...over });
    for (const quantization of ["awq", "gptq", "fp8", "bitsandbytes"] as const)
      expect(estimate({ quantization })).toThrow(
        new RegExp(`llama-cpp cannot load "${quantization}" weights; use f32, .*q4_0, or serve .* vllm`),
      );
    expect(estimate({ server: "tensorrt-llm" })).toThrow(/tensorrt-llm cannot load "q4_k_m"/);
    expect(estimate({ server: "vllm", device: "cpu" })).toThrow(/only on a GPU; use f32, bf16/);
    expect(estimate({ server: "tensorrt-llm", quantization: "f16", device: "cpu" })).toThrow(/device "gpu"/);
  });

  test("names each wrong option", () => {
    expect(() => estimateMemory({ ...llama8b, layers: 0, contextTokens: -1 })).toThrow(
      /layers.*contextTokens/,
    );
  });
});
