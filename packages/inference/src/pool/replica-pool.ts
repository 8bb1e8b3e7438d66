import { BinnacleError, blameOf, type InferenceCallOptions } from "@binnacle/core";
import { createRetryBudget, type CallOutcome, type RetryBudget } from "@binnacle/core/kit";
import type { PoolEvent, PoolSettings, ReplicaSettings } from "./pool-options.ts";
import type { PoolStatus } from "./pool-status.ts";
import { wasNotWorkedOn } from "./calls/was-not-worked-on.ts";
import { PoolMeters } from "./pool-meters.ts";
import { Admission } from "./queue/admission.ts";
import type { Ticket } from "./queue/ticket.ts";
import type { Lane } from "./replicas/lane.ts";
import { Prober } from "./replicas/prober.ts";
import { RecentLatencies } from "./replicas/recent-latencies.ts";
import { factsPatienceMs, type Replica } from "./replicas/replica.ts";
import { ReplicaSet } from "./replicas/replica-set.ts";

/** The parts in which the kinds of pools differ. */
export interface PoolKind<Driver> {
  /** Name of the factory, such as `createBackendPool`, for messages. */
  readonly label: string;
  /** Sends a small real request to a replica and returns its outcome. Must end by the deadline. */
  probe(driver: Driver, options: InferenceCallOptions): Promise<CallOutcome>;
  /** Closes a driver. */
  close(driver: Driver): Promise<void>;
  /** Returns the number of calls that the server takes at the same time. Undefined if it does not say. */
  slots(driver: Driver): Promise<number | undefined>;
}

// Without a margin, a healthy pool would spend its whole budget of hedges, and have none for a slow replica.
const hedgeMargin = 1.5;

/** The core of all pools: replicas, queue, probes, budget and counters. Knows no kind of request. */
export class ReplicaPool<Driver> {
  readonly settings: PoolSettings;
  readonly kind: PoolKind<Driver>;
  readonly replicas: ReplicaSet<Driver>;
  readonly #admission: Admission<Driver>;
  readonly #latencies = new RecentLatencies();
  readonly #hedgeBudget: RetryBudget | undefined;
  readonly #meters: PoolMeters;
  readonly #prober: Prober<Driver>;
  readonly #drained = new Map<string, { readonly promise: Promise<void>; readonly end: () => void }>();
  readonly #asked = new Set<string>();
  #counts = { calls: 0, retries: 0, hedges: 0 };
  #closing: Promise<void> | undefined;

  constructor(kind: PoolKind<Driver>, settings: PoolSettings, replicas: readonly ReplicaSettings<Driver>[]) {
    const { clock, hedging, maxQueuedTokens, telemetry } = settings;
    const { label } = kind;
    this.kind = kind;
    this.settings = settings;
    this.#meters = new PoolMeters(telemetry);
    if (hedging !== false)
      this.#hedgeBudget = createRetryBudget({ share: hedging.maxShare, minPerSecond: 0, clock });
    this.replicas = new ReplicaSet({
      label,
      settings,
      onSlot: () => this.#admission.pump(),
      events: {
        onEnd: (lane) => this.#onEnd(lane),
        onFailure: (lane, error) => this.#onFailure(lane, error),
        onLost: ({ name }) => this.#prober.suspect(name),
        onLatency: (latencyMs) => this.#latencies.add(latencyMs),
      },
    });
    this.#admission = new Admission({
      label,
      replicas: this.replicas,
      maxQueuedTokens,
      clock,
      onWake: () => this.#prober.probeDue(),
    });
    this.#prober = new Prober({
      replicas: this.replicas,
      probe: (driver, options) => kind.probe(driver, options),
      settings,
      onChange: (event) => {
        this.#emit(event);
        this.#admission.revise();
      },
    });
    for (const replica of replicas) this.replicas.add(replica);
  }

  /** Counts a call. Throws if the pool is closed. */
  begin(): void {
    this.assertOpen();
    this.#counts.calls += 1;
    this.settings.budget.count();
    this.#hedgeBudget?.count();
  }

  /** Opens a lane for a call. See {@link Admission.acquire}. */
  async acquire(ticket: Ticket, options: InferenceCallOptions): Promise<Lane<Driver>> {
    this.#prober.probeDue();
    // The first call asks all, so that the calls right after it do not exceed the slots of the others.
    if (this.#asked.size === 0) for (const replica of this.replicas.all) this.#learn(replica);
    const startedAt = this.settings.clock.monotonicNow();
    try {
      const lane = await this.#admission.acquire(ticket, options);
      this.#learn(lane.replica);
      return lane;
    } finally {
      this.#meters.waited(this.settings.clock.monotonicNow() - startedAt, this.#admission.queuedTokens);
    }
  }

  /** Opens a lane for the second attempt of a slow call, if a slot is free and no call waits. */
  openHedge(ticket: Ticket): Lane<Driver> | undefined {
    if (this.#admission.queued > 0 || !this.#maySpendHedge(ticket)) return undefined;
    const lane = this.replicas.open(ticket);
    if (lane === undefined) return undefined;
    this.#counts.hedges += 1;
    this.#meters.hedged(lane.name);
    this.#emit({ type: "hedged", replica: lane.name });
    return lane;
  }

  /** Returns the delay of the second attempt. Undefined if the call gets no second attempt. */
  hedgeDelayMs(ticket: Ticket): number | undefined {
    const { hedging } = this.settings;
    if (this.replicas.all.length < 2) return undefined;
    if (ticket.isFactsCall) return factsPatienceMs;
    if (hedging === false) return undefined;
    const usualMs = this.#latencies.percentile(hedging.percentile);
    if (usualMs === undefined) return undefined;
    return Math.max(hedging.minDelayMs, usualMs * hedgeMargin * this.replicas.sizeOf(ticket));
  }

  /** Takes one retry from the budget, unless the retry is no further load. Returns false if it is empty. */
  spendRetry(replica: string, error: unknown): boolean {
    // The other replicas do the work of a lost replica instead of it, not in addition to it.
    const isFree = wasNotWorkedOn(error) || this.replicas.isLost(replica);
    if (!isFree && !this.settings.budget.spend()) return false;
    this.#counts.retries += 1;
    this.#meters.retried(replica);
    this.#emit({ type: "retried", replica, error });
    return true;
  }

  add(settings: ReplicaSettings<Driver>): void {
    this.assertOpen();
    this.replicas.add(settings);
    this.#emit({ type: "added", replica: settings.name });
    this.#admission.pump();
  }

  async drain(name: string): Promise<void> {
    const replica = this.replicas.startDraining(name);
    if (replica === undefined) return;
    this.#admission.revise();
    const known = this.#drained.get(name);
    if (known !== undefined) return known.promise;
    let end = (): void => undefined;
    const idle = new Promise<void>((resolve) => (end = resolve));
    if (replica.inUse === 0) end();
    const promise = idle.then(async () => {
      this.replicas.forget(replica);
      this.#drained.delete(name);
      this.#asked.delete(name);
      await this.kind.close(replica.settings.driver);
      this.#emit({ type: "drained", replica: name });
    });
    this.#drained.set(name, { promise, end });
    return promise;
  }

  status(): PoolStatus {
    const { queued, queuedTokens } = this.#admission;
    return {
      replicas: this.replicas.status(),
      queued,
      queuedTokens,
      isPanic: this.replicas.isPanic,
      budgetLeft: this.settings.budget.available,
      ...this.#counts,
    };
  }

  assertOpen(): void {
    if (this.#closing !== undefined) throw this.#closedError();
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#admission.close(this.#closedError());
      this.#prober.close(this.#closedError());
      const drained = [...this.#drained.values()];
      for (const { end } of drained) end();
      await Promise.all([
        ...this.replicas.all.map(({ settings }) => this.kind.close(settings.driver)),
        ...drained.map(({ promise }) => promise),
      ]);
    })();
    return this.#closing;
  }

  #closedError(): BinnacleError {
    return new BinnacleError("closed", `${this.kind.label}: the pool is closed; create a new one`);
  }

  #maySpendHedge(ticket: Ticket): boolean {
    // Both budgets need a token, so neither may be spent before the other has one.
    const { budget } = this.settings;
    const hasSlot = this.replicas.eligible(ticket).some(({ hasFreeSlot }) => hasFreeSlot);
    if (hasSlot && ticket.isFactsCall) return true;
    if (!hasSlot || this.#hedgeBudget === undefined || this.#hedgeBudget.available < 1) return false;
    return budget.spend() && this.#hedgeBudget.spend();
  }

  /** Sets the first limit of a replica from its server's own number of slots, and learns that it answers. */
  #learn(replica: Replica<Driver>): void {
    const { name, concurrency, driver } = replica.settings;
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    replica.asked();
    const start = (slots: number | undefined): void => {
      if (slots !== undefined && concurrency.initial === undefined) replica.startFrom(slots);
      replica.answered();
    };
    // A server that cannot say now is asked with the next call. Its failures tell whether it works.
    this.kind.slots(driver).then(start, () => {
      this.#asked.delete(name);
      replica.unasked();
    });
  }

  #onEnd(lane: Lane<Driver>): void {
    this.#meters.ended(lane.name, lane.elapsedMs);
    if (lane.replica.isDraining && lane.replica.inUse === 0) this.#drained.get(lane.name)?.end();
    this.#admission.pump();
  }

  #onFailure({ name }: Lane<Driver>, error: unknown): void {
    this.#meters.failed(name);
    const state = this.replicas.out().find(({ endpoint }) => endpoint === name);
    if (state?.state === "ejected") {
      this.#emit({ type: "ejected", replica: name, error });
      this.#admission.revise();
    } else if (blameOf(error) === "replica") this.#prober.suspect(name);
  }

  #emit(event: PoolEvent): void {
    const { onEvent } = this.settings;
    // Deferred, so that a listener that throws fails no call.
    if (onEvent !== undefined) queueMicrotask(() => onEvent(event));
  }
}
