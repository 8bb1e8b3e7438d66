import type { InferenceCallOptions, Reranker, RerankerInfo, RerankResult } from "@binnacle/core";
import { createServerReranker, type ServerReranker } from "../../reranking/create-server-reranker.ts";
import { parseScores } from "../../reranking/parse-scores.ts";
import { askFacts } from "./tei-facts.ts";
import { parseRerankerOptions, type TeiRerankerOptions } from "./tei-options.ts";
import { createTeiServer } from "./tei-server.ts";

const path = "/rerank";

/**
 * Scores documents with text-embeddings-inference, or with a server that has the same `/rerank`. The server
 * returns probabilities unless it is asked otherwise, so the default of `scores` is `"probability"`. With
 * `"logit"` the driver asks for the model's raw numbers. Documents are never cut.
 */
export class TeiReranker implements Reranker {
  readonly #reranker: ServerReranker;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: TeiRerankerOptions) {
    const settings = parseRerankerOptions(options);
    const { requestTimeoutMs: timeoutMs, scores = "probability" } = settings;
    const server = createTeiServer("TeiReranker", settings, () => this.#reranker.forget());
    this.#reranker = createServerReranker({
      server,
      settings,
      ask: async (signal) => {
        const facts = await askFacts(server, settings.model, { signal });
        return {
          model: facts.model,
          maxItems: Math.min(settings.maxItems, facts.maxBatch ?? Infinity),
          maxTokensPerPair: settings.maxTokensPerPair ?? facts.maxTokens,
          scores,
          concurrency: settings.concurrency ?? 2,
        };
      },
      send: (query, texts, call) =>
        server.json(
          { method: "POST", path, json: { query, texts, raw_scores: scores === "logit", truncate: false } },
          (body) => parseScores(`${server.label}${path}`, body, texts.length),
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
