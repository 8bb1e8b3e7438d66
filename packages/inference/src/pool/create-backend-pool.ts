import type {
  CapabilityOptions,
  GenerateRequest,
  Generation,
  GenerationStream,
  Health,
  InferenceBackend,
  InferenceCallOptions,
  ModelCapabilities,
} from "@binnacle/core";
import { checkCall, createGenerationStream, linkedController, type CallOutcome } from "@binnacle/core/kit";
import { checkRequest } from "../generation/check-request.ts";
import { checkCallOptions } from "../server/call-options.ts";
import {
  parseBackendOptions,
  parseBackendReplicas,
  type BackendPoolOptions,
  type BackendReplica,
} from "./backend-pool-options.ts";
import { requestTokens } from "./calls/estimated-tokens.ts";
import { runCall } from "./calls/run-call.ts";
import { PooledGeneration, servedRequest, type GenerationRules } from "./calls/pooled-generation.ts";
import { parsePoolOptions } from "./pool-options.ts";
import { poolHealth } from "./pool-health.ts";
import { smallCall } from "./queue/ticket.ts";
import type { PoolAdmin, PoolStatus } from "./pool-status.ts";
import { ReplicaPool, type PoolKind } from "./replica-pool.ts";

/** Many model servers behind one backend. */
export interface BackendPool extends InferenceBackend, PoolAdmin<BackendReplica> {
  /** Returns the capabilities of the first replica that answers, in the order of the replicas. */
  capabilities(options?: CapabilityOptions): Promise<ModelCapabilities>;
  /** Asks all replicas. `parts` has the health of each. `down` if no replica works, `degraded` if some do. */
  health(options?: InferenceCallOptions): Promise<Health>;
  /** Refuses waiting calls and closes the drivers of all replicas. */
  close(): Promise<void>;
}

const label = "createBackendPool";

/**
 * Creates a backend from many. Every call goes to the replica that should answer first. If a replica fails,
 * another replica gets the call, until its first token has reached the caller. `generate` starts again even after
 * that. `blameOf` decides: the caller's own mistakes are neither retried nor counted against a replica.
 *
 * A call that finds no free slot waits in a queue, which is bounded in tokens and fair to tenants. Throws a
 * `ConfigurationError` for invalid options.
 */
export function createBackendPool(options: BackendPoolOptions): BackendPool {
  return new PoolOfBackends(options);
}

const kind: PoolKind<InferenceBackend> = {
  label,
  async probe(driver, options): Promise<CallOutcome> {
    const { status } = await driver.health(options);
    if (status === "down") return "replica";
    return status === "ok" ? "success" : "starting";
  },
  close: (driver) => driver.close(),
  async slots(driver) {
    const { slots } = await driver.capabilities();
    return slots;
  },
};

class PoolOfBackends implements BackendPool {
  readonly #pool: ReplicaPool<InferenceBackend>;
  readonly #rules: GenerationRules;

  constructor(options: BackendPoolOptions) {
    const { replicas, followPrefixes, continueStreams, ...shared } = options;
    this.#rules = parseBackendOptions(label, { followPrefixes, continueStreams });
    this.#pool = new ReplicaPool(
      kind,
      parsePoolOptions(label, shared),
      parseBackendReplicas(label, replicas),
    );
  }

  async capabilities(options: CapabilityOptions = {}): Promise<ModelCapabilities> {
    const { model, ...call } = options;
    this.#check(call);
    return runCall(this.#pool, { ...smallCall, model }, call, async (lane, attempt) => {
      const served = model === undefined ? undefined : (lane.replica.settings.models?.[model] ?? model);
      return lane.driver.capabilities({ ...attempt, model: served });
    });
  }

  async generate(request: GenerateRequest, options: InferenceCallOptions = {}): Promise<Generation> {
    this.#check(options);
    const checked = checkRequest(label, request);
    const { controller, unlink } = linkedController(options.signal);
    try {
      const call = { ...options, signal: controller.signal };
      return await new PooledGeneration(this.#pool, checked, call, this.#rules).whole();
    } finally {
      unlink();
    }
  }

  stream(request: GenerateRequest, options: InferenceCallOptions = {}): GenerationStream {
    checkCallOptions(label, options);
    return createGenerationStream({
      signal: options.signal,
      open: (signal) => this.#events(request, { ...options, signal }),
    });
  }

  async countTokens(request: GenerateRequest, options: InferenceCallOptions = {}): Promise<number> {
    this.#check(options);
    const checked = checkRequest(label, request);
    const { prompt } = requestTokens(checked);
    const facts = { cost: prompt, inputCost: prompt, model: checked.model, isMeasured: false };
    return runCall(this.#pool, facts, options, (lane, attempt) =>
      lane.driver.countTokens(servedRequest(checked, lane.replica.settings.models), attempt),
    );
  }

  async health(options: InferenceCallOptions = {}): Promise<Health> {
    this.#check(options);
    const replicas = this.#pool.replicas.all.map(({ name, settings: { driver } }) => ({
      name,
      ask: () => driver.health(options),
    }));
    return poolHealth(replicas, options);
  }

  status(): PoolStatus {
    return this.#pool.status();
  }

  add(replica: BackendReplica): void {
    for (const settings of parseBackendReplicas(label, [replica])) this.#pool.add(settings);
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

  async *#events(
    request: GenerateRequest,
    options: InferenceCallOptions & { readonly signal: AbortSignal },
  ): ReturnType<PooledGeneration["events"]> {
    this.#check(options);
    yield* new PooledGeneration(this.#pool, checkRequest(label, request), options, this.#rules).events();
  }

  #check(options: InferenceCallOptions): void {
    this.#pool.assertOpen();
    checkCallOptions(label, options);
    checkCall(options);
  }
}
