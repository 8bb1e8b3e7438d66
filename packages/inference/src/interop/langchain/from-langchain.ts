import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import {
  BinnacleError,
  InferenceError,
  type EmbedOptions,
  type Embedder,
  type EmbedderInfo,
} from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import { createServerEmbedder } from "../../embedding/create-server-embedder.ts";
import type { EmbedItem } from "../../embedding/embed-item.ts";
import { embeddingFields, type EmbeddingOptions } from "../../embedding/embedding-options.ts";
import type { Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/vector-space.ts";
import { chatServerRows } from "../../failures/chat-server-rows.ts";
import { failureError } from "../../failures/failure-error.ts";
import { parseFailure } from "../../failures/server-failure.ts";
import type { ServerIdentity } from "../../server/model-server.ts";
import { vectorsOf } from "../vectors-of.ts";

/** Options of {@link fromLangChain}. */
export interface LangChainEmbedderOptions extends EmbeddingOptions {
  /** Name of the model in the space, because LangChain's embeddings do not tell it. */
  readonly model: string;
}

const label = "fromLangChain";
const schema = z.strictObject({ model: z.string().min(1), ...embeddingFields() });
const embeddingsSchema = z.strictObject({
  embeddings: part<EmbeddingsInterface>(["embedQuery", "embedDocuments"], "embeddings of LangChain"),
});

/**
 * Creates an embedder from embeddings of LangChain. Queries use `embedQuery` and documents `embedDocuments`.
 * LangChain's embeddings retry by themselves and take no signal: after an abort their request runs on unseen.
 * Vectors become `Float32Array` of length 1.
 */
export function fromLangChain(embeddings: EmbeddingsInterface, options: LangChainEmbedderOptions): Embedder {
  parseOptions(label, embeddingsSchema, { embeddings });
  const settings = parseOptions(label, schema, options);
  const { model, maxItems, maxTokensPerItem, concurrency = 2 } = settings;
  const server: ServerIdentity = { label: `${label} ${model}`, address: model, maxAttempts: 1 };
  const ask = async (): Promise<EmbedderInfo> => {
    const { vectors } = await embedOnce(embeddings, server, ["a"], { role: "document" });
    const dimensions = vectors[0]?.length ?? 0;
    const space = vectorSpace({ ...settings, dimensions });
    return { space, accepts: ["text"], maxItems, maxTokensPerItem, concurrency };
  };
  return createServerEmbedder({
    server: { ...server, close: () => Promise.resolve() },
    settings,
    ask,
    send: (items, call) => embedOnce(embeddings, server, items, call),
  });
}

async function embedOnce(
  embeddings: EmbeddingsInterface,
  server: ServerIdentity,
  items: readonly EmbedItem[],
  { role }: EmbedOptions,
): Promise<Embeddings> {
  const texts = items.filter((item) => typeof item === "string"); // `accepts` lets nothing else through
  try {
    const answer =
      role === "query"
        ? await Promise.all(texts.map((text) => embeddings.embedQuery(text)))
        : await embeddings.embedDocuments(texts);
    return { vectors: vectorsOf(answer, texts.length, server) };
  } catch (error) {
    throw langChainError(error, server);
  }
}

/** Clients throw errors with the HTTP status, such as those of `openai`. */
function langChainError(error: unknown, server: ServerIdentity): Error {
  if (BinnacleError.isInstance(error)) return error;
  const body = error instanceof Error ? error.message : String(error);
  const status: unknown = error instanceof Error ? Reflect.get(error, "status") : undefined;
  if (typeof status === "number") {
    const table = { rows: chatServerRows };
    return failureError(parseFailure({ status, body }), { ...server, table }, { cause: error });
  }
  return new InferenceError(`${server.label}: ${body}`, {
    kind: "server",
    replica: server.address,
    cause: error,
  });
}
