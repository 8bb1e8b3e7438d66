import {
  BinnacleError,
  type InferenceCallOptions,
  type Reranker,
  type RerankerInfo,
  type RerankResult,
} from "@binnacle/core";
import { checkCall, parseOptions, part, type CallOutcome } from "@binnacle/core/kit";
import { z } from "zod";
import { checkRerankArguments } from "../reranking/check-rerank-arguments.ts";
import { checkCallOptions } from "../server/call-options.ts";
import { textTokens } from "./calls/estimated-tokens.ts";
import { runCall } from "./calls/run-call.ts";
import {
  parsePoolOptions,
  replicaFields,
  type PoolOptions,
  type PoolReplica,
  type ReplicaSettings,
} from "./pool-options.ts";
import { smallCall } from "./queue/ticket.ts";
import type { PoolAdmin, PoolStatus } from "./pool-status.ts";
import { ReplicaPool, type PoolKind } from "./replica-pool.ts";

/** Many model servers behind one reranker. */
export interface RerankerPool extends Reranker, PoolAdmin<PoolReplica<Reranker>> {
  /** Refuses waiting calls and closes the drivers of all replicas. */
  close(): Promise<void>;
}

/** Options of {@link createRerankerPool}. */
export type RerankerPoolOptions = PoolOptions<PoolReplica<Reranker>>;

const label = "createRerankerPool";

const kind: PoolKind<Reranker> = {
  label,
  async probe(driver, options): Promise<CallOutcome> {
    const { outcomes } = await driver.rerank("probe", ["probe"], options);
    return BinnacleError.isInstance(outcomes[0]) ? "replica" : "success";
  },
  close: (driver) => driver.close(),
  async slots(driver) {
    const { concurrency } = await driver.describe();
    return concurrency;
  },
};

const replicasSchema = z.strictObject({
  replicas: z
    .array(
      z.strictObject({ ...replicaFields(), driver: part<Reranker>(["describe", "rerank"], "a Reranker") }),
    )
    .min(1),
});

/**
 * Creates a reranker from many. The documents of one query stay on one replica, because the scores of two
 * replicas may differ by rounding. Give all replicas the same model. Throws a `ConfigurationError` for invalid
 * options.
 */
export function createRerankerPool(options: RerankerPoolOptions): RerankerPool {
  return new PoolOfRerankers(options);
}

class PoolOfRerankers implements RerankerPool {
  readonly #pool: ReplicaPool<Reranker>;

  constructor({ replicas, ...shared }: RerankerPoolOptions) {
    this.#pool = new ReplicaPool(kind, parsePoolOptions(label, shared), parseReplicas(replicas));
  }

  async describe(options: InferenceCallOptions = {}): Promise<RerankerInfo> {
    this.#check(options);
    return runCall(this.#pool, smallCall, options, (lane, attempt) => lane.driver.describe(attempt));
  }

  async rerank(
    query: string,
    documents: readonly string[],
    options: InferenceCallOptions = {},
  ): Promise<RerankResult> {
    this.#check(options);
    checkRerankArguments(label, query, documents);
    const cost = textTokens([query, ...documents]);
    return runCall(this.#pool, { cost, inputCost: cost }, options, (lane, attempt) =>
      lane.driver.rerank(query, documents, attempt),
    );
  }

  status(): PoolStatus {
    return this.#pool.status();
  }

  add(replica: PoolReplica<Reranker>): void {
    for (const settings of parseReplicas([replica])) this.#pool.add(settings);
  }

  drain(name: string): Promise<void> {
    return this.#pool.drain(name);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(options: InferenceCallOptions): void {
    this.#pool.assertOpen();
    checkCallOptions(label, options);
    checkCall(options);
  }
}

function parseReplicas(replicas: unknown): readonly ReplicaSettings<Reranker>[] {
  return parseOptions(label, replicasSchema, { replicas }).replicas;
}
