import { AdmissionError, ConfigurationError, type InferenceCallOptions } from "@binnacle/core";
import { whenCutShort, type Clock } from "@binnacle/core/kit";
import type { Lane } from "../replicas/lane.ts";
import type { ReplicaSet } from "../replicas/replica-set.ts";
import { FairQueue, type QueueEntry } from "./fair-queue.ts";
import type { Ticket } from "./ticket.ts";

/** Options of {@link Admission}. */
export interface AdmissionOptions<Driver> {
  readonly label: string;
  readonly replicas: ReplicaSet<Driver>;
  readonly maxQueuedTokens: number;
  readonly clock: Clock;
  /** Called while calls wait and a replica may be probed. */
  readonly onWake: () => void;
}

interface Waiting<Driver> extends QueueEntry {
  readonly ticket: Ticket;
  readonly grant: (lane: Lane<Driver>) => void;
  readonly refuse: (error: unknown) => void;
}

/** Admits calls to the replicas, and queues those for which no slot is free. */
export class Admission<Driver> {
  readonly #options: AdmissionOptions<Driver>;
  readonly #queue: FairQueue<Waiting<Driver>>;
  #cancelWake: (() => void) | undefined;

  constructor(options: AdmissionOptions<Driver>) {
    this.#options = options;
    this.#queue = new FairQueue(options.maxQueuedTokens);
  }

  get queued(): number {
    return this.#queue.size;
  }

  get queuedTokens(): number {
    return this.#queue.cost;
  }

  /**
   * Resolves with a lane once a replica has a free slot. Rejects with an `AdmissionError` if the queue is full
   * or every replica with the model is ejected. An abort rejects with its reason.
   */
  acquire(ticket: Ticket, options: InferenceCallOptions): Promise<Lane<Driver>> {
    options.signal?.throwIfAborted();
    const refusal = this.#refusal(ticket);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      let stopWatching = (): void => undefined;
      const leaving = <T>(settle: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          isWaiting = false;
          stopWatching();
          settle(value);
        };
      };
      const { hasBegun } = ticket.call;
      const entry = {
        ...orderOf(ticket),
        ticket,
        hasBegun,
        grant: leaving(resolve),
        refuse: leaving(reject),
      };
      this.#queue.add(entry);
      this.pump();
      for (const last of this.#queue.shed()) last.refuse(this.#overloaded());
      if (!isWaiting) return;
      const wait = { phase: "queue", what: "waiting for a free replica" };
      stopWatching = whenCutShort(options, this.#options.clock, wait, (reason) => {
        this.#queue.remove(entry);
        reject(reason);
      });
    });
  }

  /** Gives free slots to waiting calls, in their order. */
  pump(): void {
    const { replicas } = this.#options;
    for (const entry of this.#queue) {
      if (!replicas.hasRoom) break;
      const lane = replicas.open(entry.ticket);
      if (lane === undefined) continue;
      this.#queue.take(entry);
      entry.ticket.call.hasBegun = true;
      entry.grant(lane);
    }
    this.#planWake();
  }

  /** Gives free slots to waiting calls, and refuses those that no replica can take any more. */
  revise(): void {
    const { replicas } = this.#options;
    for (const { ticket } of this.#queue) {
      // The replicas that have failed this call come next, because all others are gone.
      if (replicas.eligible(ticket).length === 0) ticket.tried.clear();
    }
    this.pump();
    for (const entry of this.#queue) {
      const refusal = this.#refusal(entry.ticket);
      if (refusal === undefined) continue;
      this.#queue.remove(entry);
      entry.refuse(refusal);
    }
    this.#planWake();
  }

  /** Refuses all waiting calls with an error. */
  close(error: unknown): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    for (const entry of this.#queue) {
      this.#queue.remove(entry);
      entry.refuse(error);
    }
  }

  /** Pauses and ejections end by time alone, so a timer runs while calls wait for them. */
  #planWake(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (this.#queue.size === 0) return;
    const { replicas, clock, onWake } = this.#options;
    const paused = replicas.all.map(({ pausedMs }) => pausedMs).filter((leftMs) => leftMs > 0);
    const ejected = replicas
      .out()
      .map(({ leftMs }) => leftMs)
      .filter((leftMs) => leftMs > 0);
    const soonestMs = Math.min(...paused, ...ejected);
    this.#cancelWake = clock.startTimer(soonestMs, () => {
      onWake();
      this.revise();
    });
  }

  #refusal(ticket: Ticket): Error | undefined {
    const { label, replicas } = this.#options;
    const serving = replicas.serving(ticket);
    if (serving.length === 0) return this.#noReplica();
    if (replicas.eligible(ticket).length > 0 || serving.some(({ pausedMs }) => pausedMs > 0))
      return undefined;
    const names = new Set(serving.map(({ name }) => name));
    const left = replicas.out().filter(({ endpoint }) => names.has(endpoint));
    const retryAfterMs = Math.ceil(Math.min(...left.map(({ leftMs }) => leftMs)));
    const message = `${label}: every replica with this model has failed (${[...names].join(", ")}), so the call was not sent. The next trial is in ${retryAfterMs} ms. Try again later.`;
    return new AdmissionError("circuit_open", message, { retryAfterMs });
  }

  #noReplica(): ConfigurationError {
    const { label, replicas } = this.#options;
    if (replicas.all.length === 0)
      return new ConfigurationError(`${label}: replicas: the pool has no replica left; add one with add()`);
    const models = replicas.all.flatMap(({ settings }) => Object.keys(settings.models ?? {}));
    const known = [...new Set(models)].map((name) => `"${name}"`).join(", ");
    const message = `no replica of the pool serves it; the models are ${known}`;
    return new ConfigurationError(`${label}: model: ${message}`, { issues: [{ path: "model", message }] });
  }

  #overloaded(): AdmissionError {
    const { label, maxQueuedTokens } = this.#options;
    const { size, cost } = this.#queue;
    const message = `${label}: maxQueuedTokens: ${size} calls of about ${Math.round(cost)} tokens are waiting, and ${maxQueuedTokens} tokens may wait. Try again later, send fewer calls, or add a replica.`;
    return new AdmissionError("overloaded", message);
  }
}

function orderOf({ cost, priority, tenant }: Ticket): Pick<QueueEntry, "cost" | "priority" | "tenant"> {
  return { cost, priority, tenant };
}
