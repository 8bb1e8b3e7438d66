import type { EmbeddingModelV4 } from "@ai-sdk/provider";
import { InvalidResponseError, type EmbedOptions, type Embedder, type EmbedderInfo } from "@binnacle/core";
import { createServerEmbedder } from "../../embedding/create-server-embedder.ts";
import { vectorsOf } from "../vectors-of.ts";
import type { EmbedItem } from "../../embedding/embed-item.ts";
import type { Embeddings } from "../../embedding/parse-embeddings.ts";
import { vectorSpace } from "../../embedding/vector-space.ts";
import { attempted } from "../../server/attempted.ts";
import type { ServerIdentity } from "../../server/model-server.ts";
import { aiSDKError } from "./ai-sdk-error.ts";
import {
  label,
  parseEmbedderOptions,
  type AISDKEmbedderOptions,
  type AISDKEmbedderSettings,
} from "./ai-sdk-options.ts";

/** Creates an embedder from an AI SDK embedding model. Its vectors have length 1. */
export function embeddingModelEmbedder(model: EmbeddingModelV4, options: AISDKEmbedderOptions): Embedder {
  const settings = parseEmbedderOptions(model, options);
  const address = `${model.provider}/${model.modelId}`;
  const server = { label: `${label} ${address}`, address, maxAttempts: settings.maxAttempts };
  const send = (items: readonly EmbedItem[], call: EmbedOptions): Promise<Embeddings> =>
    attempted(server, call, () => embedOnce({ model, server, dimensions: settings.dimensions }, items, call));
  return createServerEmbedder({
    server: { ...server, close: () => Promise.resolve() },
    settings,
    ask: (signal) => describeModel(model, settings, server, () => send(["a"], { role: "document", signal })),
    send,
  });
}

async function describeModel(
  model: EmbeddingModelV4,
  settings: AISDKEmbedderSettings,
  { label: who, address }: ServerIdentity,
  embedLetter: () => Promise<Embeddings>,
): Promise<EmbedderInfo> {
  const { vectors } = await embedLetter();
  const dimensions = vectors[0]?.length ?? 0;
  const wanted = settings.dimensions ?? dimensions;
  if (dimensions !== wanted) {
    throw new InvalidResponseError(
      `${who}: asked for ${wanted} dimensions, got ${dimensions}; remove dimensions or use a model whose vectors can be shortened`,
      { replica: address },
    );
  }
  const [most = settings.maxItems, isParallel] = await Promise.all([
    model.maxEmbeddingsPerCall,
    model.supportsParallelCalls,
  ]);
  return {
    space: vectorSpace({ ...settings, model: settings.model ?? model.modelId, dimensions }),
    accepts: ["text"],
    maxItems: Math.max(1, Math.min(settings.maxItems, most)),
    maxTokensPerItem: settings.maxTokensPerItem,
    concurrency: isParallel ? (settings.concurrency ?? 2) : 1,
  };
}

interface AskedModel {
  readonly model: EmbeddingModelV4;
  readonly server: ServerIdentity;
  readonly dimensions: number | undefined;
}

async function embedOnce(
  { model, server, dimensions }: AskedModel,
  items: readonly EmbedItem[],
  { signal, requestId, traceparent }: EmbedOptions,
): Promise<Embeddings> {
  const values = items.filter((item) => typeof item === "string"); // `accepts` lets nothing else through
  try {
    const { embeddings, usage } = await model.doEmbed({
      values,
      ...(dimensions === undefined ? {} : { dimensions }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
      headers: {
        ...(requestId === undefined ? {} : { "x-request-id": requestId }),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    });
    return { vectors: vectorsOf(embeddings, values.length, server), tokens: usage?.tokens };
  } catch (error) {
    signal?.throwIfAborted();
    throw aiSDKError(error, server);
  }
}
