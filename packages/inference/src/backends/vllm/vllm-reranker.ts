import type { InferenceCallOptions, Reranker, RerankerInfo, RerankResult } from "@binnacle/core";
import { createServerReranker, type ServerReranker } from "../../reranking/create-server-reranker.ts";
import { parseScores } from "../../reranking/parse-scores.ts";
import { askFacts } from "./vllm-facts.ts";
import { parseRerankerOptions, type VllmRerankerOptions } from "./vllm-options.ts";
import { createVllmServer } from "./vllm-server.ts";

const path = "/v1/rerank";

/**
 * Scores documents with a vLLM server that was started with `--runner pooling`. A cross-encoder gives scores
 * from 0 to 1. An embedding model gives cosines, so the default of `scores` is `"logit"`.
 */
export class VllmReranker implements Reranker {
  readonly #reranker: ServerReranker;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: VllmRerankerOptions) {
    const settings = parseRerankerOptions(options);
    const { model, requestTimeoutMs: timeoutMs } = settings;
    const server = createVllmServer("VllmReranker", settings, () => this.#reranker.forget());
    this.#reranker = createServerReranker({
      server,
      settings,
      ask: async (signal) => {
        const facts = await askFacts(server, model, { signal });
        return {
          model: facts.model,
          maxItems: settings.maxItems,
          maxTokensPerPair: settings.maxTokensPerPair ?? facts.contextTokens,
          scores: settings.scores ?? "logit",
          concurrency: settings.concurrency ?? 2,
        };
      },
      send: (query, documents, call) =>
        server.json(
          { method: "POST", path, json: { model, query, documents } },
          (body) => parseScores(`${server.label}${path}`, body, documents.length),
          { ...call, timeoutMs },
        ),
    });
  }

  describe(options?: InferenceCallOptions): Promise<RerankerInfo> {
    return this.#reranker.describe(options);
  }

  rerank(query: string, documents: readonly string[], options?: InferenceCallOptions): Promise<RerankResult> {
    return this.#reranker.rerank(query, documents, options);
  }

  close(): Promise<void> {
    return this.#reranker.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
