import {
  attribute,
  BinnacleError,
  InferenceError,
  type GenerateRequest,
  type Generation,
  type GenerationEvent,
  type InferenceBackend,
  type InferenceCallOptions,
} from "@binnacle/core";
import { FoldedGeneration } from "@binnacle/core/kit";
import { createTicket, type Ticket } from "../queue/ticket.ts";
import type { ReplicaPool } from "../replica-pool.ts";
import { continuedRequest } from "./continued-request.ts";
import { requestTokens } from "./estimated-tokens.ts";
import { cutError, OpenGeneration } from "./open-generation.ts";
import { PoolCall } from "./pool-call.ts";
import { promptPrefix } from "./prompt-prefix.ts";

/** The rules of a backend pool for its generations. */
export interface GenerationRules {
  /** True: requests with the same first messages prefer the same replica. */
  readonly followsPrefix: boolean;
  /** True: a broken stream continues on another replica that can continue an answer. */
  readonly continues: boolean;
}

/** Options of a call whose signal is the call's own. */
export type SignalledOptions = InferenceCallOptions & { readonly signal: AbortSignal };

/** One generation of a pool, over as many replicas as it needs. */
export class PooledGeneration {
  readonly #request: GenerateRequest;
  readonly #options: SignalledOptions;
  readonly #rules: GenerationRules;
  readonly #call: PoolCall<InferenceBackend>;
  #isContinuing = false;

  constructor(
    pool: ReplicaPool<InferenceBackend>,
    request: GenerateRequest,
    options: SignalledOptions,
    rules: GenerationRules,
  ) {
    this.#request = request;
    this.#options = options;
    this.#rules = rules;
    this.#call = new PoolCall(pool, this.#ticket(), options);
  }

  /** Returns the whole generation. The caller sees no part of it before its end, so any
   * failure may start it again. */
  async whole(): Promise<Generation> {
    for (;;) {
      const opened = await this.#open(this.#request);
      const folded = new FoldedGeneration();
      try {
        for await (const event of opened.events()) folded.add(event);
        const result = folded.result();
        if (result !== undefined) return result;
        throw cutError(opened.lane.name, folded.partial());
      } catch (error) {
        if (!this.#options.signal.aborted) this.#call.record(opened.lane, error);
        await this.#call.retryOrThrow(error, opened.lane.name);
      }
    }
  }

  /** Yields the events. After the first token only a continuation can save the stream. */
  async *events(): AsyncGenerator<GenerationEvent, void, undefined> {
    const folded = new FoldedGeneration();
    let textEvents = 0;
    let request = this.#request;
    for (;;) {
      const opened = await this.#openOrExplain(request, folded);
      try {
        for await (const event of opened.events()) {
          if (event.type === "start" && this.#isContinuing) continue;
          if (event.type === "text") textEvents += 1;
          folded.add(event);
          yield event;
        }
        if (folded.result() !== undefined) return;
        throw cutError(opened.lane.name, folded.partial());
      } catch (error) {
        this.#options.signal.throwIfAborted();
        this.#call.record(opened.lane, error);
        const failure = this.#explained(error, folded);
        const next = this.#rules.continues
          ? continuedRequest(this.#request, folded.partial(), textEvents)
          : undefined;
        if (next === undefined) throw this.#call.attributed(failure, opened.lane.name);
        this.#isContinuing = true;
        await this.#call.retryOrThrow(failure, opened.lane.name);
        request = next;
      }
    }
  }

  async #openOrExplain(request: GenerateRequest, folded: FoldedGeneration): Promise<OpenGeneration> {
    try {
      return await this.#open(request);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      throw this.#isContinuing ? this.#explained(error, folded) : error;
    }
  }

  /** Returns an error whose `partial` is the whole answer so far, not only the part of the last replica. */
  #explained(error: unknown, folded: FoldedGeneration): unknown {
    if (!BinnacleError.isInstance(error)) return error;
    if (!this.#isContinuing) return attribute(error, { partial: folded.partial() });
    const { message, replica, attempts, retryable } = error;
    const kind = InferenceError.isInstance(error) ? error.kind : "interrupted";
    return new InferenceError(message, {
      kind,
      cause: error,
      partial: folded.partial(),
      replica,
      attempts,
      retryable,
    });
  }

  #open(request: GenerateRequest): Promise<OpenGeneration> {
    const { signal: callSignal } = this.#options;
    return this.#call.run((lane, attempt) =>
      OpenGeneration.open(lane, {
        request: servedRequest(request, lane.replica.settings.models),
        attempt,
        callSignal,
      }),
    );
  }

  #ticket(): Ticket {
    const { prompt, answer } = requestTokens(this.#request);
    const affinity = this.#rules.followsPrefix ? promptPrefix(this.#request) : undefined;
    const facts = { cost: prompt + answer, inputCost: prompt, affinity, model: this.#request.model };
    const ticket = createTicket(facts, this.#options);
    return {
      ...ticket,
      isServedBy: (settings) =>
        ticket.isServedBy(settings) && (!this.#isContinuing || settings.continuesAnswers === true),
    };
  }
}

/** Returns the request with the replica's own name of the model. */
export function servedRequest(
  request: GenerateRequest,
  models: Readonly<Record<string, string>> | undefined,
): GenerateRequest {
  const model = request.model === undefined ? undefined : models?.[request.model];
  return model === undefined ? request : { ...request, model };
}
