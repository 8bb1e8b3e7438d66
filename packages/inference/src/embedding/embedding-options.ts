import { z } from "zod";

/** How texts become vectors, and how they travel. */
export interface EmbeddingOptions {
  /** Put before every query: `"query: "` for E5 models. Part of the space. @default "" */
  readonly queryPrefix?: string | undefined;
  /** Put before every document: `"passage: "` for E5 models. Part of the space. @default "" */
  readonly documentPrefix?: string | undefined;
  /** How the server makes one vector of many tokens, where it was told: `"mean"`, `"cls"`, `"last"`. It is only named
   * here, as part of the space. @default "model", the model's own way */
  readonly pooling?: string | undefined;
  /** Which revision of the model, where its name does not say. Part of the space. @default none */
  readonly revision?: string | undefined;
  /** The similarity under which this model's hits are noise, for retrievers that are given none. @default none */
  readonly suggestedMinScore?: number | undefined;
  /** Most tokens in one text, special tokens and prefix included. @default what the server says */
  readonly maxTokensPerItem?: number | undefined;
  /** Most texts in one request. @default 32 */
  readonly maxItems?: number | undefined;
  /** Most bytes of text in one request, unless one text alone has more. @default 262_144 */
  readonly maxBatchBytes?: number | undefined;
  /** Requests at the same time. @default what the server says, else 2 */
  readonly concurrency?: number | undefined;
  /** Most milliseconds for one request, waiting in the server's queue included. @default 120_000 */
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

/** The fields of {@link EmbeddingOptions}, to be spread into a driver's schema. */
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
