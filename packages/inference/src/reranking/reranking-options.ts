import { z } from "zod";

/** Options of every reranker: the kind of its scores, batch sizes and the timeout. */
export interface RerankingOptions {
  /**
   * Kind of the model's scores. Declare `"probability"` only for a model whose scores are from 0 to 1; a
   * score outside is then an error. @default the driver's, which its class names
   */
  readonly scores?: "probability" | "logit" | undefined;
  /** Most tokens of query and document together. @default the server's limit */
  readonly maxTokensPerPair?: number | undefined;
  /** Most documents in one request. @default 32 */
  readonly maxItems?: number | undefined;
  /** Most bytes of documents in one request. A single larger document is sent alone. @default 262_144 */
  readonly maxBatchBytes?: number | undefined;
  /** Requests at the same time. @default the server's number of slots, or 2 if unknown */
  readonly concurrency?: number | undefined;
  /** Most milliseconds for one request, with the wait in the server's queue. @default 120_000 */
  readonly requestTimeoutMs?: number | undefined;
}

/** {@link RerankingOptions} with the defaults filled in. */
export interface RerankingSettings extends RerankingOptions {
  readonly maxItems: number;
  readonly maxBatchBytes: number;
  readonly requestTimeoutMs: number;
}

interface RerankingFields {
  readonly scores: z.ZodOptional<z.ZodEnum<{ probability: "probability"; logit: "logit" }>>;
  readonly maxTokensPerPair: z.ZodOptional<z.ZodInt>;
  readonly maxItems: z.ZodDefault<z.ZodInt>;
  readonly maxBatchBytes: z.ZodDefault<z.ZodInt>;
  readonly concurrency: z.ZodOptional<z.ZodInt>;
  readonly requestTimeoutMs: z.ZodDefault<z.ZodInt>;
}

/** Creates the schema fields of {@link RerankingOptions}, for a driver's schema. */
export function rerankingFields(): RerankingFields {
  const count = z.int().positive();
  return {
    scores: z.enum(["probability", "logit"]).optional(),
    maxTokensPerPair: count.optional(),
    maxItems: count.default(32),
    maxBatchBytes: count.default(262_144),
    concurrency: count.optional(),
    requestTimeoutMs: count.default(120_000),
  };
}
