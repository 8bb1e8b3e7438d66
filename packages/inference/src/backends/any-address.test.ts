import { ConfigurationError } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LlamaCppBackend, LlamaCppEmbedder, LlamaCppReranker } from "./llama-cpp/index.ts";
import { OpenAIBackend, OpenAIEmbedder } from "./openai/index.ts";
import { TritonBackend, TritonClient, TritonEmbedder } from "./triton/index.ts";
import { TeiReranker } from "./tei/index.ts";
import { VllmBackend, VllmEmbedder, VllmReranker } from "./vllm/index.ts";

const addresses = fc.oneof(
  fc.string(),
  fc.webUrl(),
  fc.constantFrom(
    "nonsense",
    "",
    "http://",
    "/v1",
    "http://[::1",
    "http://x:10080/v1/",
    "http://x/v1",
    "ftp://x/v1",
    "grpc://x",
    "grpc://x:8001/v2",
    "grpc://a:%zz@x:8001",
  ),
);

test.each([
  ["LlamaCppBackend", (url: string) => new LlamaCppBackend({ url })],
  ["LlamaCppEmbedder", (url: string) => new LlamaCppEmbedder({ url })],
  ["LlamaCppReranker", (url: string) => new LlamaCppReranker({ url })],
  ["TeiReranker", (url: string) => new TeiReranker({ url })],
  ["VllmBackend", (url: string) => new VllmBackend({ url })],
  ["VllmEmbedder", (url: string) => new VllmEmbedder({ url })],
  ["VllmReranker", (url: string) => new VllmReranker({ url })],
  ["OpenAIBackend", (baseUrl: string) => new OpenAIBackend({ baseUrl, model: "m" })],
  ["OpenAIEmbedder", (baseUrl: string) => new OpenAIEmbedder({ baseUrl, model: "m" })],
  ["TritonBackend", (url: string) => new TritonBackend({ url, model: "m" })],
  ["TritonEmbedder", (url: string) => new TritonEmbedder({ url, model: "m" })],
  ["TritonClient", (url: string) => new TritonClient({ url })],
])("accepts any address or throws a ConfigurationError: %s", (_, make) => {
  fc.assert(
    fc.property(addresses, (address) => {
      try {
        make(address);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
      }
    }),
  );
});
