import {
  BinnacleError,
  ConfigurationError,
  type Embedder,
  type EmbedderInfo,
  type EmbedInput,
  type EmbedOptions,
  type EmbedResult,
  type InferenceCallOptions,
} from "@binnacle/core";
import {
  checkCall,
  mapConcurrent,
  parseEmbedArguments,
  parseOptions,
  part,
  type CallOutcome,
} from "@binnacle/core/kit";
import { z } from "zod";
import { checkCallOptions } from "../server/call-options.ts";
import { inputTokens } from "./calls/estimated-tokens.ts";
import { runCall } from "./calls/run-call.ts";
import { inSlices, sumOfUsage } from "./in-slices.ts";
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
  /** The space of each replica that has answered. */
  readonly #spaces = new Map<string, string>();
  #info: EmbedderInfo | undefined;

  constructor({ replicas, ...shared }: EmbedderPoolOptions) {
    this.#pool = new ReplicaPool(kind, parsePoolOptions(label, shared), parseReplicas(replicas));
  }

  async describe(options: InferenceCallOptions = {}): Promise<EmbedderInfo> {
    this.#check(options);
    const info = await runCall(this.#pool, smallCall, options, async (lane, attempt) => {
      const described = await lane.driver.describe(attempt);
      this.#note(lane.name, described.space.id);
      return described;
    });
    this.#askOthers();
    return { ...info, concurrency: info.concurrency * this.#pool.replicas.all.length };
  }

  async embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    this.#check(options);
    parseEmbedArguments(label, inputs, options);
    const [spaceId = ""] = this.#spaces.values();
    if (inputs.length === 0) return { spaceId, outcomes: [] };
    const info = (this.#info ??= await this.describe(options));
    const slices = inSlices(inputs, info.maxItems);
    const { concurrency } = info;
    const results = await mapConcurrent(
      slices,
      { concurrency, signal: options.signal },
      (slice, _at, signal) => this.#embedSlice(slice, { ...options, signal }),
    );
    const outcomes = results.flatMap((result) => result.outcomes);
    return { spaceId: info.space.id, outcomes, usage: sumOfUsage(results) };
  }

  status(): PoolStatus {
    return this.#pool.status();
  }

  add(replica: PoolReplica<Embedder>): void {
    for (const settings of parseReplicas([replica])) this.#pool.add(settings);
  }

  async drain(name: string): Promise<void> {
    await this.#pool.drain(name);
    this.#spaces.delete(name);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #embedSlice(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<EmbedResult> {
    const cost = inputTokens(inputs);
    return runCall(this.#pool, { cost, inputCost: cost }, options, async (lane, attempt) => {
      const result = await lane.driver.embed(inputs, { ...attempt, role: options.role });
      this.#note(lane.name, result.spaceId);
      return result;
    });
  }

  /** Learns the spaces of the other replicas early, so that a difference does not appear by chance. */
  #askOthers(): void {
    for (const { name, settings } of this.#pool.replicas.all) {
      if (this.#spaces.has(name)) continue;
      const note = ({ space }: EmbedderInfo): void => void this.#spaces.set(name, space.id);
      settings.driver.describe().then(note, () => undefined); // asked again with the next call
    }
  }

  #note(name: string, spaceId: string): void {
    this.#spaces.set(name, spaceId);
    this.#assertOneSpace();
  }

  #assertOneSpace(): void {
    const [first, ...others] = this.#spaces;
    const other = others.find(([, spaceId]) => spaceId !== first?.[1]);
    if (first === undefined || other === undefined) return;
    throw new ConfigurationError(
      `${label}: replicas: "${first[0]}" embeds into the space "${first[1]}", but "${other[0]}" into "${other[1]}". Vectors of two spaces must not be compared. Use one model and the same options for all replicas.`,
      { code: "wrong_space" },
    );
  }

  #check(options: InferenceCallOptions): void {
    this.#pool.assertOpen();
    checkCallOptions(label, options);
    checkCall(options);
    this.#assertOneSpace();
  }
}

function parseReplicas(replicas: unknown): readonly ReplicaSettings<Embedder>[] {
  return parseOptions(label, replicasSchema, { replicas }).replicas;
}
