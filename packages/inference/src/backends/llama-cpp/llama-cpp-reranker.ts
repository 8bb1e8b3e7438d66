import type { InferenceCallOptions, Reranker, RerankerInfo, RerankResult } from "@binnacle/core";
import { createServerReranker, type ServerReranker } from "../../reranking/create-server-reranker.ts";
import { parseScores } from "../../reranking/parse-scores.ts";
import { askFacts } from "./llama-cpp-facts.ts";
import { parseRerankerOptions, type LlamaCppRerankerOptions } from "./llama-cpp-options.ts";
import { createLlamaCppServer } from "./llama-cpp-server.ts";

const path = "/v1/rerank";

/**
 * Scores documents with a llama-server that was started with `--rerank`. The server returns the model's raw
 * number, so the default of `scores` is `"logit"`.
 */
export class LlamaCppReranker implements Reranker {
  readonly #reranker: ServerReranker;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: LlamaCppRerankerOptions) {
    const settings = parseRerankerOptions(options);
    const { model, requestTimeoutMs: timeoutMs } = settings;
    const server = createLlamaCppServer("LlamaCppReranker", settings, () => this.#reranker.forget());
    this.#reranker = createServerReranker({
      server,
      settings,
      ask: async (signal) => {
        const facts = await askFacts(server, model, { signal });
        return {
          model: model ?? facts.model,
          maxItems: settings.maxItems,
          maxTokensPerPair: settings.maxTokensPerPair ?? facts.contextTokens,
          scores: settings.scores ?? "logit",
          concurrency: settings.concurrency ?? facts.slots ?? 2,
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
