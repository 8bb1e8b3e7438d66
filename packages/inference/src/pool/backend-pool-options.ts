import type { InferenceBackend } from "@binnacle/core";
import { parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import type { GenerationRules } from "./calls/pooled-generation.ts";
import { replicaFields, type PoolOptions, type PoolReplica, type ReplicaSettings } from "./pool-options.ts";

/** One model server of a backend pool. */
export interface BackendReplica extends PoolReplica<InferenceBackend> {
  /**
   * Names of models that callers may request, and the server's own name of each. With it, the replica gets
   * only requests for these models, and requests without a model. @default any name, passed on unchanged
   */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** True if the server continues an answer that ends the conversation, as llama-server does.
   * @default false */
  readonly continuesAnswers?: boolean | undefined;
}

/** Options of {@link createBackendPool}. */
export interface BackendPoolOptions extends PoolOptions<BackendReplica> {
  /** True: requests with the same first messages prefer the same replica, whose prompt cache may hold them. A
   * call's own `affinity` comes before. @default true */
  readonly followPrefixes?: boolean | undefined;
  /**
   * True: a stream that breaks after its first token continues on a replica with `continuesAnswers`. The
   * second server gets the text so far. `usage` is then that of the last server alone. @default false
   */
  readonly continueStreams?: boolean | undefined;
}

const optionsSchema = z.strictObject({
  followPrefixes: z.boolean().default(true),
  continueStreams: z.boolean().default(false),
});

const replicasSchema = z.strictObject({
  replicas: z
    .array(
      z.strictObject({
        ...replicaFields(),
        driver: part<InferenceBackend>(
          ["generate", "stream", "capabilities", "health"],
          "an InferenceBackend, such as new LlamaCppBackend({ url })",
        ),
        models: z.record(z.string().min(1), z.string().min(1)).optional(),
        continuesAnswers: z.boolean().optional(),
      }),
    )
    .min(1),
});

/** Checks the options that only backend pools have. Throws a `ConfigurationError`. */
export function parseBackendOptions(component: string, options: object): GenerationRules {
  const { followPrefixes, continueStreams } = parseOptions(component, optionsSchema, options);
  return { followsPrefix: followPrefixes, continues: continueStreams };
}

/** Checks the replicas of a backend pool. Throws a `ConfigurationError` that lists every issue. */
export function parseBackendReplicas(
  component: string,
  replicas: unknown,
): readonly ReplicaSettings<InferenceBackend>[] {
  return parseOptions(component, replicasSchema, { replicas }).replicas;
}
