import { ConfigurationError, InferenceError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { ModelCallOptions, ModelServer } from "../../server/model-server.ts";

/** The facts that a server reports about itself and its model. */
export interface TeiFacts {
  readonly model: string;
  readonly maxTokens?: number | undefined;
  /** Most texts in one request. */
  readonly maxBatch?: number | undefined;
}

const schema = z.object({
  model_id: z.string().min(1),
  max_input_length: z.int().positive().nullish(),
  max_client_batch_size: z.int().positive().nullish(),
});

/**
 * Asks `/info`. Other servers with the same `/rerank` have no such endpoint; their model is then the given
 * name. Throws a `ConfigurationError` if neither names the model.
 */
export async function askFacts(
  server: ModelServer,
  model: string | undefined,
  options: ModelCallOptions,
): Promise<TeiFacts> {
  const path = "/info";
  try {
    const info = await server.json(
      { path },
      (body) => parseResponse(`${server.label}${path}`, schema, body),
      options,
    );
    return {
      model: model ?? info.model_id,
      maxTokens: info.max_input_length ?? undefined,
      maxBatch: info.max_client_batch_size ?? undefined,
    };
  } catch (error) {
    if (!InferenceError.isInstance(error) || error.kind !== "not-found") throw error;
    if (model !== undefined) return { model };
    throw new ConfigurationError(`${server.label}: the server has no ${path}; set model to its model's name`);
  }
}
