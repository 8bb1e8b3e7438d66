import type { InferenceCallOptions } from "@binnacle/core";
import type { ReplicaSettings } from "../pool-options.ts";
import { WholeCall } from "./whole-call.ts";

/** A pool's knowledge of one call, or of one slice of it. */
export interface Ticket {
  readonly call: WholeCall;
  /** Estimated tokens of prompt and answer. */
  readonly cost: number;
  /** Estimated tokens that the server reads before its first answer. */
  readonly inputCost: number;
  readonly priority: number;
  readonly tenant: string;
  readonly affinity: string | undefined;
  /** False: the duration says nothing about the server, which may answer from memory. */
  readonly isMeasured: boolean;
  /** True: the call asks what a server can do. Any replica may answer it, and the work is next to nothing. */
  readonly isFactsCall: boolean;
  /** Replicas that have failed this call. Grows with each attempt. */
  readonly tried: Set<string>;
  /** Returns true if the replica has the model of the call. */
  readonly isServedBy: (replica: Pick<ReplicaSettings<unknown>, "models" | "continuesAnswers">) => boolean;
}

/** Facts about a call that only its kind of pool knows. */
export interface CallFacts {
  readonly cost: number;
  readonly inputCost: number;
  /** The call that this is a slice of. @default a call of its own */
  readonly call?: WholeCall | undefined;
  readonly affinity?: string | undefined;
  /** Name of the requested model. @default the driver's own */
  readonly model?: string | undefined;
  /** As in {@link Ticket}. @default true */
  readonly isMeasured?: boolean | undefined;
  /** As in {@link Ticket}. @default false */
  readonly isFactsCall?: boolean | undefined;
}

/** The facts of a call that asks for facts about the server. */
export const smallCall: CallFacts = { cost: 1, inputCost: 1, isMeasured: false, isFactsCall: true };

/** Creates the ticket of a call. */
export function createTicket(facts: CallFacts, options: InferenceCallOptions): Ticket {
  const { cost, inputCost, model } = facts;
  return {
    call: facts.call ?? new WholeCall(),
    cost: Math.max(1, cost),
    inputCost: Math.max(1, inputCost),
    priority: options.priority ?? 0,
    tenant: options.tenant ?? "",
    affinity: options.affinity ?? facts.affinity,
    isMeasured: facts.isMeasured ?? true,
    isFactsCall: facts.isFactsCall ?? false,
    tried: new Set(),
    isServedBy: ({ models }) => model === undefined || models === undefined || Object.hasOwn(models, model),
  };
}
