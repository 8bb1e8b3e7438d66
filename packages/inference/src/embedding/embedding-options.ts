import { z } from "zod";

/** Options of every embedder: prefixes, the name of the space, batch sizes and the timeout. */
export interface EmbeddingOptions {
  /** Text before every query, such as `"query: "` for E5 models. Part of the space. @default "" */
  readonly queryPrefix?: string | undefined;
  /** Text before every document, such as `"passage: "` for E5 models. Part of the space. @default "" */
  readonly documentPrefix?: string | undefined;
  /**
   * Pooling that the server was started with: `"mean"`, `"cls"` or `"last"`. It only names the space; it
   * changes nothing on the server. @default "model", the model's own pooling
   */
  readonly pooling?: string | undefined;
  /** Revision of the model, if its name does not include one. Part of the space. @default none */
  readonly revision?: string | undefined;
  /**
   * Similarity below which this model's hits are noise. Retrievers use it if they have no `minScore`.
   * @default none
   */
  readonly suggestedMinScore?: number | undefined;
  /** Most tokens in one text, with prefix and special tokens. @default the server's limit */
  readonly maxTokensPerItem?: number | undefined;
  /** Most texts in one request. @default 32 */
  readonly maxItems?: number | undefined;
  /** Most bytes of text in one request. A single larger text is sent alone. @default 262_144 */
  readonly maxBatchBytes?: number | undefined;
  /** Requests at the same time. @default the server's number of slots, or 2 if unknown */
  readonly concurrency?: number | undefined;
  /** Most milliseconds for one request, with the wait in the server's queue. @default 120_000 */
  readonly requestTimeoutMs?: number | undefined;
}

/** {@link EmbeddingOptions} with the defaults filled in. */
export interface EmbeddingSettings extends EmbeddingOptions {
  readonly queryPrefix: string;
  readonly documentPrefix: string;
  readonly pooling: string;
  readonly maxItems: number;
  readonly maxBatchBytes: number;
  readonly requestTimeoutMs: number;
}

interface EmbeddingFields {
  readonly queryPrefix: z.ZodDefault<z.ZodString>;
  readonly documentPrefix: z.ZodDefault<z.ZodString>;
  readonly pooling: z.ZodDefault<z.ZodString>;
  readonly revision: z.ZodOptional<z.ZodString>;
  readonly suggestedMinScore: z.ZodOptional<z.ZodNumber>;
  readonly maxTokensPerItem: z.ZodOptional<z.ZodInt>;
  readonly maxItems: z.ZodDefault<z.ZodInt>;
  readonly maxBatchBytes: z.ZodDefault<z.ZodInt>;
  readonly concurrency: z.ZodOptional<z.ZodInt>;
  readonly requestTimeoutMs: z.ZodDefault<z.ZodInt>;
}

/** Creates the schema fields of {@link EmbeddingOptions}, for a driver's schema. */
export function embeddingFields(): EmbeddingFields {
  const count = z.int().positive();
  return {
    queryPrefix: z.string().default(""),
    documentPrefix: z.string().default(""),
    pooling: z.string().min(1).default("model"),
    revision: z.string().min(1).optional(),
    suggestedMinScore: z.number().min(-1).max(1).optional(),
    maxTokensPerItem: count.optional(),
    maxItems: count.default(32),
    maxBatchBytes: count.default(262_144),
    concurrency: count.optional(),
    requestTimeoutMs: count.default(120_000),
  };
}
