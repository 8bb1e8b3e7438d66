import { InvalidResponseError, type CallOptions, type Embedder, type EmbedderInfo } from "@binnacle/core";
import { closedError, remembered } from "../remembered.ts";
import { withDeadline } from "../with-deadline.ts";
import { embedInBatches } from "./embed-in-batches.ts";
import type { EmbeddingSettings } from "./embedding-options.ts";
import type { Embeddings } from "./parse-embeddings.ts";

/** What a driver knows of its server. */
export interface TextEmbedderOptions {
  /** `LlamaCppEmbedder`, for messages. */
  readonly component: string;
  /** `LlamaCppEmbedder http://127.0.0.1:8081`, for messages. */
  readonly source: string;
  readonly settings: EmbeddingSettings;
  /** Asks the server what it is. The answer is kept. */
  readonly ask: (signal: AbortSignal) => Promise<EmbedderInfo>;
  /** Sends one batch of texts, prefixes included. */
  readonly send: (texts: readonly string[], options: CallOptions) => Promise<Embeddings>;
  /** Releases the connections. */
  readonly close: () => Promise<void>;
}

/** An embedder of texts whose driver can be told that the server was lost. */
export interface TextEmbedder extends Embedder {
  /** The next call asks the server anew what it is. */
  forget(): void;
}

/** Makes an embedder of the little that differs between servers: prefixes, batches, deadlines and closing are the same. */
export function createTextEmbedder(options: TextEmbedderOptions): TextEmbedder {
  const { component, source, settings, ask, send } = options;
  const info = remembered(ask);
  let closed = false;
  const checkOpen = (): void => {
    if (closed) throw closedError(component);
  };
  const close = async (): Promise<void> => {
    closed = true;
    await options.close();
  };
  return {
    async describe(call = {}) {
      checkOpen();
      return withDeadline(source, call, ({ signal }) => info.get(signal));
    },
    async embed(inputs, call) {
      checkOpen();
      return withDeadline(source, call, async ({ signal, deadlineAt }) => {
        if (inputs.length === 0) return { spaceId: info.known()?.space.id ?? "", outcomes: [] };
        const { space, maxItems, concurrency } = await info.get(signal);
        const batches = embedInBatches(inputs, {
          space,
          prefix: call.role === "query" ? settings.queryPrefix : settings.documentPrefix,
          maxItems,
          maxBytes: settings.maxBatchBytes,
          concurrency,
          signal,
          send: (texts, batchSignal) => send(texts, { ...call, signal: batchSignal, deadlineAt }),
        });
        return batches.catch((error: unknown) => {
          if (InvalidResponseError.isInstance(error)) info.forget(); // another model may be served by now
          throw error;
        });
      });
    },
    forget: () => info.forget(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
