import { z } from "zod";
import type {
  ModelConfig,
  ModelMetadata,
  ModelStatistics,
  RepositoryModel,
  ServerInfo,
} from "./server-facts.ts";

// Triton writes 64-bit numbers as numbers or as texts.
const count = z.coerce.number().default(0);
const text = z.string().default("");
const spec = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.coerce.number()) });

export const infoSchema: z.ZodType<ServerInfo> = z.object({
  name: z.string(),
  version: text,
  extensions: z.array(z.string()).default([]),
});

export const metadataSchema: z.ZodType<ModelMetadata> = z.object({
  name: z.string(),
  versions: z.array(z.string()).default([]),
  platform: text,
  inputs: z.array(spec).default([]),
  outputs: z.array(spec).default([]),
});

export const configSchema: z.ZodType<ModelConfig> = z
  .object({
    max_batch_size: count,
    backend: text,
    input: z.array(z.object({ name: z.string(), optional: z.boolean().default(false) })).default([]),
    instance_group: z.array(z.object({ count })).default([]),
    model_transaction_policy: z.object({ decoupled: z.boolean().default(false) }).optional(),
  })
  .transform(({ max_batch_size, backend, input, instance_group, model_transaction_policy }) => ({
    maxBatchSize: max_batch_size,
    instances: Math.max(
      1,
      instance_group.reduce((sum, group) => sum + group.count, 0),
    ),
    backend,
    isDecoupled: model_transaction_policy?.decoupled ?? false,
    optionalInputs: input.filter(({ optional }) => optional).map(({ name }) => name),
  }));

const duration = z.object({ count, ns: count }).default({ count: 0, ns: 0 });

export const statisticsSchema: z.ZodType<readonly ModelStatistics[]> = z
  .object({
    model_stats: z.array(
      z.object({
        name: z.string(),
        version: text,
        inference_count: count,
        execution_count: count,
        inference_stats: z.object({
          success: duration,
          fail: duration,
          queue: duration,
          compute_infer: duration,
        }),
        batch_stats: z.array(z.object({ batch_size: count, compute_infer: duration })).default([]),
      }),
    ),
  })
  .transform(({ model_stats }) =>
    model_stats.map(({ name, version, inference_count, execution_count, inference_stats, batch_stats }) => ({
      name,
      version,
      inferences: inference_count,
      executions: execution_count,
      succeeded: inference_stats.success.count,
      failed: inference_stats.fail.count,
      queueMs: inference_stats.queue.ns / 1e6,
      computeMs: inference_stats.compute_infer.ns / 1e6,
      batches: batch_stats.map(({ batch_size, compute_infer }) => ({
        size: batch_size,
        executions: compute_infer.count,
      })),
    })),
  );

export const indexSchema: z.ZodType<readonly RepositoryModel[]> = z.array(
  z.object({ name: z.string(), version: text, state: text, reason: text }),
);
