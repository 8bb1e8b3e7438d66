import { blameOf, InferenceError, type InferenceCallOptions } from "@binnacle/core";
import { sleep, type CallOutcome, type EndpointCall } from "@binnacle/core/kit";
import type { PoolEvent, PoolSettings } from "../pool-options.ts";
import type { Replica } from "./replica.ts";
import type { ReplicaSet } from "./replica-set.ts";

/** Options of {@link Prober}. */
export interface ProberOptions<Driver> {
  readonly replicas: ReplicaSet<Driver>;
  readonly settings: PoolSettings;
  /** Sends a small real request to a replica. Must end by the deadline. */
  probe(driver: Driver, options: InferenceCallOptions): Promise<CallOutcome>;
  /** Called when a probe has ejected or restored a replica. */
  onChange(event: PoolEvent): void;
}

const pauseMs = 100;
const mostChecks = 5;

/** Checks replicas beside the callers' requests, so that no caller has to find out that a replica is broken. */
export class Prober<Driver> {
  readonly #options: ProberOptions<Driver>;
  readonly #closing = new AbortController();
  readonly #suspected = new Set<string>();

  constructor(options: ProberOptions<Driver>) {
    this.#options = options;
  }

  /** Checks the replicas whose ejection is over, and those that have not answered yet. */
  probeDue(): void {
    const { replicas, onChange } = this.#options;
    for (const { name, isSuspect } of replicas.all) if (isSuspect) this.suspect(name);
    for (const { endpoint, state } of replicas.out()) {
      const replica = state === "probing" ? this.#named(endpoint) : undefined;
      const call = replica === undefined ? undefined : replicas.beginProbe(endpoint);
      if (replica === undefined || call === undefined) continue;
      void this.#outcomeOf(replica).then((answer) => {
        // A server that is full, or refuses this key, works.
        const outcome = answer === "replica" || answer === "starting" ? answer : "success";
        call.end(outcome);
        if (outcome === "success") onChange({ type: "restored", replica: endpoint });
      });
    }
  }

  /**
   * Checks a replica that has just failed, or lost against a second attempt, until it answers or is ejected,
   * at most five times.
   * An answer does not wipe out the failures of real calls: a server may be healthy and still fail calls.
   */
  suspect(name: string): void {
    const replica = this.#named(name);
    if (replica === undefined || this.#suspected.has(name)) return;
    this.#suspected.add(name);
    void this.#watch(replica)
      .catch(() => undefined) // the pool is closed
      .finally(() => this.#suspected.delete(name));
  }

  /** Ends all checks. */
  close(reason: unknown): void {
    this.#closing.abort(reason);
  }

  async #watch(replica: Replica<Driver>): Promise<void> {
    const { replicas, settings, onChange } = this.#options;
    const { signal } = this.#closing;
    for (let check = 0; check < mostChecks && !this.#isOut(replica.name); check++) {
      using call: EndpointCall | undefined = replicas.beginProbe(replica.name);
      const outcome = await this.#outcomeOf(replica);
      if (signal.aborted) return;
      if (outcome !== "replica") return replica.answered();
      call?.end(outcome);
      if (this.#isOut(replica.name)) return onChange({ type: "ejected", replica: replica.name });
      await sleep(pauseMs, { signal, clock: settings.clock });
      if (this.#named(replica.name) !== replica) return;
    }
  }

  async #outcomeOf({ settings: { driver } }: Replica<Driver>): Promise<CallOutcome> {
    const { settings, probe } = this.#options;
    const deadlineAt = settings.clock.now() + settings.probeTimeoutMs;
    const options = { deadlineAt, maxAttempts: 1, signal: this.#closing.signal };
    try {
      return await probe(driver, options);
    } catch (error) {
      // The pool is the caller of a check, so only a server's own refusal tells that the server works.
      const blame = blameOf(error);
      return blame === "caller" && !InferenceError.isInstance(error) ? "replica" : blame;
    }
  }

  #isOut(name: string): boolean {
    return this.#options.replicas.out().some(({ endpoint }) => endpoint === name);
  }

  #named(name: string): Replica<Driver> | undefined {
    return this.#options.replicas.all.find((replica) => replica.name === name);
  }
}
