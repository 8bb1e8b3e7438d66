import {
  InvalidResponseError,
  type InferenceCallOptions,
  type Reranker,
  type RerankerInfo,
  type RerankResult,
} from "@binnacle/core";
import { createServerReranker, type ServerReranker } from "../../reranking/create-server-reranker.ts";
import { batchLimit, inputTensor, presentTensors, fixedTensors } from "./models/input-tensor.ts";
import { rerankTensorsOf } from "./models/rerank-tensors.ts";
import { outputRows } from "./models/output-rows.ts";
import { parseRerankerOptions, type TritonRerankerOptions } from "./triton-options.ts";
import { createTritonServer } from "./triton-server.ts";

/**
 * Scores documents with a model of a Triton Inference Server. A batch is one tensor with a row per document.
 * The default of `scores` is `"logit"`.
 */
export class TritonReranker implements Reranker {
  readonly #reranker: ServerReranker;

  /** Opens no connection yet. Throws `ConfigurationError` if an option is invalid. */
  constructor(options: TritonRerankerOptions) {
    const settings = parseRerankerOptions(options);
    const { model: name, version, requestTimeoutMs: timeoutMs } = settings;
    const server = createTritonServer("TritonReranker", settings, () => this.#reranker.forget());
    this.#reranker = createServerReranker({
      server,
      settings,
      ask: async (signal) => {
        const model = await server.model(name, version, signal);
        const { document } = rerankTensorsOf(server.label, model, settings.tensors);
        return {
          model: name,
          maxItems: batchLimit(model, document, settings.maxItems),
          maxTokensPerPair: settings.maxTokensPerPair,
          scores: settings.scores ?? "logit",
          concurrency: settings.concurrency ?? model.config?.instances ?? 2,
        };
      },
      send: async (query, documents, call) => {
        const model = await server.model(name, version, call.signal);
        const tensors = rerankTensorsOf(server.label, model, settings.tensors);
        const rows = documents.length;
        const queries = Array<string>(rows).fill(query);
        const inputs = presentTensors([
          inputTensor(model, tensors.query, queries, rows),
          inputTensor(model, tensors.document, documents, rows),
          ...fixedTensors(model, tensors.fixed, rows),
        ]);
        const request = { model: model.name, version, inputs, outputs: [tensors.score] };
        const { outputs } = await server.infer(request, { ...call, timeoutMs });
        const scores = outputRows(server.label, outputs, tensors.score, rows).map(([score = NaN]) => score);
        if (scores.every(Number.isFinite)) return { scores };
        throw new InvalidResponseError(`${server.label}: expected finite scores, got ${scores.join(", ")}`);
      },
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
