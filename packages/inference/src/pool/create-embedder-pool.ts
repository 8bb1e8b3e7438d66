import {
  BinnacleError,
  type Embedder,
  type EmbedderInfo,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type InferenceCallOptions,
} from "@binnacle/core";
import {
  checkCall,
  createSingleFlight,
  inBatches,
  mapConcurrent,
  parseEmbedArguments,
  parseOptions,
  part,
  type CallOutcome,
  type SingleFlight,
} from "@binnacle/core/kit";
import { z } from "zod";
import { checkCallOptions } from "../server/call-options.ts";
import { inputTokens } from "./calls/estimated-tokens.ts";
import { runCall } from "./calls/run-call.ts";
import {
  parsePoolOptions,
  replicaFields,
  type PoolOptions,
  type PoolReplica,
  type ReplicaSettings,
} from "./pool-options.ts";
import { smallCall } from "./queue/ticket.ts";
import { WholeCall } from "./queue/whole-call.ts";
import type { PoolAdmin, PoolStatus } from "./pool-status.ts";
import { ReplicaPool, type PoolKind } from "./replica-pool.ts";
import { ReplicaSpaces } from "./replica-spaces.ts";
import { sumOfUsage } from "./sum-of-usage.ts";

/** Many model servers behind one embedder. */
export interface EmbedderPool extends Embedder, PoolAdmin<PoolReplica<Embedder>> {
  /** Refuses waiting calls and closes the drivers of all replicas. */
  close(): Promise<void>;
}

/** Options of {@link createEmbedderPool}. */
export type EmbedderPoolOptions = PoolOptions<PoolReplica<Embedder>>;

const label = "createEmbedderPool";

const kind: PoolKind<Embedder> = {
  label,
  async probe(driver, options): Promise<CallOutcome> {
    const { outcomes } = await driver.embed(["probe"], { ...options, role: "query" });
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
      z.strictObject({
        ...replicaFields(),
        driver: part<Embedder>(["describe", "embed"], "an Embedder, such as new LlamaCppEmbedder({ url })"),
      }),
    )
    .min(1),
});

/**
 * Creates an embedder from many. It splits a long list of inputs over the replicas, and repeats what a broken
 * replica did not answer on another replica. All replicas must have the same vector space. Otherwise every call
 * rejects with a `ConfigurationError` of code `wrong_space`, as soon as the difference is known. Throws a
 * `ConfigurationError` for invalid options.
 */
export function createEmbedderPool(options: EmbedderPoolOptions): EmbedderPool {
  return new PoolOfEmbedders(options);
}

class PoolOfEmbedders implements EmbedderPool {
  readonly #pool: ReplicaPool<Embedder>;
  readonly #spaces: ReplicaSpaces;
  readonly #describing: SingleFlight<EmbedderInfo> = createSingleFlight(label);
  /** The facts of the last describe(), for the size of a slice. Every answer has its own space. */
  #info: EmbedderInfo | undefined;

  constructor({ replicas, ...shared }: EmbedderPoolOptions) {
    const settings = parsePoolOptions(label, shared);
    this.#pool = new ReplicaPool(kind, settings, parseReplicas(replicas));
    this.#spaces = new ReplicaSpaces({ label, replicas: this.#pool.replicas, settings });
  }

  async describe(options: InferenceCallOptions = {}): Promise<EmbedderInfo> {
    this.#check(options);
    await this.#spaces.settle(options);
    const info = await this.#describeOne(options);
    await this.#spaces.confirm(info.space.id, options);
    this.#spaces.askOthers();
    return { ...info, concurrency: this.#concurrency(info) };
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#check(options);
    parseEmbedArguments(label, inputs, options);
    await this.#spaces.settle(options);
    if (inputs.length === 0) return { spaceId: this.#spaces.current ?? "", outcomes: [] };
    if (this.#info === undefined) await this.describe(options);
    const info = this.#info ?? (await this.#describeOne(options));
    // A slice that exceeds the queue's bound could not wait in it.
    const maxTokens = Math.max(1, this.#pool.settings.maxQueuedTokens);
    const tokensOf = (input: EmbedInput): number => inputTokens([input]);
    const slices = inBatches(inputs, { maxItems: info.maxItems, maxTokens, tokensOf });
    const call = new WholeCall();
    const concurrency = this.#concurrency(info);
    const results = await mapConcurrent(
      slices,
      { concurrency, signal: options.signal },
      (slice, _at, signal) => this.#embedSlice(slice, call, { ...options, signal }),
    );
    const spaceId = this.#spaces.ofResult(results.map((result) => result.spaceId));
    await this.#spaces.confirm(spaceId, options);
    const outcomes = results.flatMap((result) => result.outcomes);
    return { spaceId, outcomes, usage: sumOfUsage(results) };
  }

  status(): PoolStatus {
    return this.#pool.status();
  }

  add(replica: PoolReplica<Embedder>): void {
    for (const settings of parseReplicas([replica])) this.#pool.add(settings);
  }

  async drain(name: string): Promise<void> {
    await this.#pool.drain(name);
    this.#spaces.forget(name);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #embedSlice(inputs: readonly EmbedInput[], call: WholeCall, options: EmbedOptions): Promise<EmbedResult> {
    const cost = inputTokens(inputs);
    return runCall(this.#pool, { call, cost, inputCost: cost }, options, async (lane, attempt) => {
      const result = await lane.driver.embed(inputs, { ...attempt, role: options.role });
      this.#spaces.note(lane.name, result.spaceId);
      return result;
    });
  }

  /** Asks one replica for all callers that ask at the same time. */
  #describeOne(options: InferenceCallOptions): Promise<EmbedderInfo> {
    const { signal, deadlineAt, ...others } = options;
    const ask = (shared: AbortSignal): Promise<EmbedderInfo> =>
      runCall(this.#pool, smallCall, { ...others, signal: shared }, async (lane, attempt) => {
        const described = await lane.driver.describe(attempt);
        this.#spaces.note(lane.name, described.space.id);
        this.#info = described;
        return described;
      });
    return this.#describing.run(String(options.priority ?? 0), ask, { signal, deadlineAt });
  }

  #concurrency(info: EmbedderInfo): number {
    return info.concurrency * Math.max(1, this.#pool.replicas.all.length);
  }

  #check(options: InferenceCallOptions): void {
    this.#pool.assertOpen();
    checkCallOptions(label, options);
    checkCall(options);
  }
}

function parseReplicas(replicas: unknown): readonly ReplicaSettings<Embedder>[] {
  return parseOptions(label, replicasSchema, { replicas }).replicas;
}
