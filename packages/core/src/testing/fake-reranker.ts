import { BinnacleError } from "../errors/binnacle-error.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import type { InferenceCallOptions } from "../spec/call-options.ts";
import type { Reranker, RerankerInfo, RerankResult } from "../spec/reranker.ts";
import { fakeTurn } from "./fake-turn.ts";

/** Options of {@link FakeReranker}. */
export interface FakeRerankerOptions {
  /** Name of the model. @default "fake" */
  readonly model?: string | undefined;
  /** Called before each `rerank` with at least one document. If it throws, the call rejects. @default none */
  readonly onRerank?: ((query: string, documents: readonly string[]) => void | Promise<void>) | undefined;
}

/** A reranker for tests without a model. The score of a document is the share of the query's words that it
 * contains. */
export class FakeReranker implements Reranker {
  readonly #options: FakeRerankerOptions;
  #closed = false;

  constructor(options: FakeRerankerOptions = {}) {
    this.#options = options;
  }

  async describe(options?: InferenceCallOptions): Promise<RerankerInfo> {
    await fakeTurn(() => this.#closed, options);
    return { model: this.#options.model ?? "fake", maxItems: 32, scores: "probability", concurrency: 2 };
  }

  async rerank(
    query: string,
    documents: readonly string[],
    options?: InferenceCallOptions,
  ): Promise<RerankResult> {
    await fakeTurn(() => this.#closed, options);
    const asked = wordsOf(query);
    if (asked.size === 0) throw new ConfigurationError("`query` is empty. Give it at least one word.");
    if (documents.length === 0) return { outcomes: [] };
    await this.#options.onRerank?.(query, documents);
    options?.signal?.throwIfAborted();
    return { outcomes: documents.map((document) => outcomeOf(asked, document)) };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function outcomeOf(asked: ReadonlySet<string>, document: string): number | BinnacleError {
  if (document.trim() === "")
    return new BinnacleError("empty_input", "The document is empty, so it cannot be scored. Leave it out.");
  const words = wordsOf(document);
  return [...asked].filter((word) => words.has(word)).length / asked.size;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
