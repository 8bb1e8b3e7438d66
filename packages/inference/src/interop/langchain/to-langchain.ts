import { Embeddings } from "@langchain/core/embeddings";
import { ConfigurationError, type EmbedRole, type Embedder, type InferenceBackend } from "@binnacle/core";
import { describeValue, hasMethods } from "@binnacle/core/kit";
import { BinnacleChatModel } from "./binnacle-chat-model.ts";

/**
 * Creates a chat model of LangChain from a backend, or embeddings from an embedder. The object stays open:
 * close the backend or the embedder yourself. LangChain does not retry, because a driver already has.
 */
export function toLangChain(backend: InferenceBackend): BinnacleChatModel;
export function toLangChain(embedder: Embedder): Embeddings;
export function toLangChain(part: InferenceBackend | Embedder): BinnacleChatModel | Embeddings {
  if (isBackend(part)) return new BinnacleChatModel(part);
  if (isEmbedder(part)) return new BinnacleEmbeddings(part);
  throw new ConfigurationError(
    `toLangChain: expected an InferenceBackend or an Embedder, got ${describeValue(part)}`,
  );
}

class BinnacleEmbeddings extends Embeddings {
  readonly #embedder: Embedder;

  constructor(embedder: Embedder) {
    super({ maxRetries: 0 });
    this.#embedder = embedder;
  }

  embedDocuments(documents: string[]): Promise<number[][]> {
    return this.#embed(documents, "document");
  }

  async embedQuery(document: string): Promise<number[]> {
    const [vector = []] = await this.#embed([document], "query");
    return vector;
  }

  // LangChain has no partial results, so the first bad text fails the call with its own error.
  async #embed(texts: readonly string[], role: EmbedRole): Promise<number[][]> {
    const { outcomes } = await this.#embedder.embed(texts, { role });
    return outcomes.map((outcome) => {
      if (outcome instanceof Float32Array) return Array.from(outcome);
      throw outcome;
    });
  }
}

function isBackend(part: unknown): part is InferenceBackend {
  return hasMethods(part, ["stream", "generate", "capabilities"]);
}

function isEmbedder(part: unknown): part is Embedder {
  return hasMethods(part, ["embed", "describe"]);
}
