import { BinnacleError } from "@binnacle/core";
import {
  abortable,
  createLimiter,
  parseOptions,
  part,
  sleep,
  systemClock,
  type Clock,
} from "@binnacle/core/kit";
import { z } from "zod";
import type { ClusterAccess } from "../cluster/cluster-access.ts";
import { createClusterClient } from "../cluster/cluster-client.ts";
import { LeaseRecord, type LeaseView } from "./lease-record.ts";

/** Options of {@link createLeaderElection}. */
export interface LeaderElectionOptions {
  /** The API server and the credentials. They need `get`, `create` and `update` on leases of the
   * namespace. */
  readonly access: ClusterAccess | (() => Promise<ClusterAccess>);
  /** Namespace of the Lease. */
  readonly namespace: string;
  /** Name of the Lease. All replicas give the same name. */
  readonly name: string;
  /** Name of this replica, such as the name of its pod. No other replica has it. */
  readonly identity: string;
  /** Milliseconds without a renewal after which another replica takes over. @default 15_000 */
  readonly leaseMs?: number | undefined;
  /** Milliseconds after which a leader that cannot renew stops. Below `leaseMs`. @default 10_000 */
  readonly renewDeadlineMs?: number | undefined;
  /** Milliseconds between two attempts to renew or to take over. @default 2_000 */
  readonly retryMs?: number | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Elects one of several replicas, so that only one writes. */
export interface LeaderElection {
  /** True while this replica leads. */
  readonly isLeader: boolean;
  /** Identity of the leader that was last seen. Empty if no replica leads. */
  readonly leader: string;
  /**
   * Waits until this replica leads and runs `lead`. The signal of `lead` aborts with code `lost_leadership`
   * before another replica can take over. Afterwards it waits to lead again. Resolves with the result once
   * `lead` returns while it leads, and frees the Lease. An abort rejects with the signal's reason.
   */
  run<T>(
    lead: (signal: AbortSignal) => Promise<T>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<T>;
  /** Closes the connections. A second call does nothing. */
  close(): Promise<void>;
}

const milliseconds = z.number().positive();
const schema = z
  .strictObject({
    access: z.union([
      z.custom<() => Promise<ClusterAccess>>((value) => typeof value === "function"),
      z.custom<ClusterAccess>(
        (value) => typeof value === "object" && value !== null && "url" in value,
        "expected a ClusterAccess",
      ),
    ]),
    namespace: z.string().min(1),
    name: z.string().min(1),
    identity: z.string().min(1),
    leaseMs: milliseconds.default(15_000),
    renewDeadlineMs: milliseconds.default(10_000),
    retryMs: milliseconds.default(2_000),
    clock: part<Clock>(["now", "monotonicNow", "startTimer"], "a Clock").default(systemClock),
  })
  .refine(({ leaseMs, renewDeadlineMs, retryMs }) => renewDeadlineMs < leaseMs && retryMs < renewDeadlineMs, {
    error:
      "`retryMs` must be below `renewDeadlineMs`, and that below `leaseMs`, so that a leader stops before another begins",
  });

/** Creates an election by a Lease object, without I/O. Throws a `ConfigurationError` for invalid options. */
export function createLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const settings = parseOptions("createLeaderElection", schema, options);
  const { access } = settings;
  return new LeaseElection({
    ...settings,
    access: typeof access === "function" ? access : () => Promise.resolve(access),
  });
}

interface ElectionSettings {
  readonly access: () => Promise<ClusterAccess>;
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly leaseMs: number;
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
  readonly clock: Clock;
}

class LeaseElection implements LeaderElection {
  readonly #settings: ElectionSettings;
  readonly #client: ReturnType<typeof createClusterClient>;
  readonly #record: LeaseRecord;
  readonly #turns = createLimiter({ limit: 1 });
  #seen: { readonly view: LeaseView; readonly at: number } | undefined;
  #isLeader = false;

  constructor(settings: ElectionSettings) {
    this.#settings = settings;
    this.#client = createClusterClient(settings.access, settings.clock);
    this.#record = new LeaseRecord(this.#client, settings);
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  get leader(): string {
    return this.#seen?.view.holder ?? "";
  }

  run<T>(
    lead: (signal: AbortSignal) => Promise<T>,
    { signal = new AbortController().signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    return this.#turns.run(
      async () => {
        for (;;) {
          await this.#acquire(signal);
          const outcome = await this.#lead(lead, signal);
          if (outcome !== undefined) return outcome.value;
        }
      },
      { signal },
    );
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    const { retryMs, clock } = this.#settings;
    while (!(await this.#attempt(signal))) await sleep(retryMs, { signal, clock });
    this.#isLeader = true;
  }

  /** Runs `lead` while the Lease can be renewed. Returns undefined if the leadership was lost. */
  async #lead<T>(
    lead: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T } | undefined> {
    const lost = new AbortController();
    const ended = new AbortController();
    const renewing = this.#renew(lost, AbortSignal.any([signal, ended.signal]));
    try {
      const value = await lead(AbortSignal.any([signal, lost.signal]));
      return lost.signal.aborted ? undefined : { value };
    } catch (error) {
      signal.throwIfAborted();
      if (lost.signal.aborted) return undefined;
      throw error;
    } finally {
      this.#isLeader = false;
      ended.abort();
      await renewing;
      if (!lost.signal.aborted) await this.#release();
    }
  }

  async #renew(lost: AbortController, ended: AbortSignal): Promise<void> {
    const { retryMs, renewDeadlineMs, clock, identity } = this.#settings;
    let renewedAt = clock.monotonicNow();
    try {
      for (;;) {
        await sleep(retryMs, { signal: ended, clock });
        const startedAt = clock.monotonicNow();
        if (await this.#attemptUntil(renewedAt + renewDeadlineMs, ended)) renewedAt = startedAt;
        ended.throwIfAborted();
        const isTaken = this.#seen !== undefined && this.#seen.view.holder !== identity;
        if (!isTaken && clock.monotonicNow() - renewedAt < renewDeadlineMs) continue;
        this.#isLeader = false;
        lost.abort(new BinnacleError("lost_leadership", this.#lostMessage(isTaken), { retryable: true }));
        return;
      }
    } catch (error) {
      if (!ended.aborted) throw error;
    }
  }

  /** Attempts to renew, but not beyond a moment of the monotonic clock. */
  async #attemptUntil(endsAt: number, ended: AbortSignal): Promise<boolean> {
    const { clock } = this.#settings;
    const late = new AbortController();
    const cancel = clock.startTimer(Math.max(0, endsAt - clock.monotonicNow()), () => late.abort());
    const signal = AbortSignal.any([ended, late.signal]);
    try {
      return await abortable(this.#attempt(signal), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return false;
    } finally {
      cancel();
    }
  }

  #lostMessage(isTaken: boolean): string {
    const { name, namespace, identity, renewDeadlineMs } = this.#settings;
    const why = isTaken ? `"${this.leader}" holds it` : `it could not be renewed for ${renewDeadlineMs} ms`;
    return `createLeaderElection: "${identity}" lost the Lease ${namespace}/${name}: ${why}. It waits to lead again.`;
  }

  /** Tries once to take or to renew the Lease. A failed request counts as no. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    const { identity, clock, leaseMs } = this.#settings;
    try {
      const view = await this.#record.read(signal);
      const isSame = view?.resourceVersion === this.#seen?.view.resourceVersion;
      if (view === undefined) this.#seen = undefined;
      else if (!isSame || this.#seen === undefined) this.#seen = { view, at: clock.monotonicNow() };
      // Clocks of two machines differ, so only the time since the last change that was seen here counts.
      const isFree =
        this.#seen === undefined || this.#seen.view.holder === "" || this.#seen.view.holder === identity;
      if (!isFree && clock.monotonicNow() - (this.#seen?.at ?? 0) < leaseMs) return false;
      const written = await this.#record.write(view, identity, signal);
      if (written === undefined) return false;
      this.#seen = { view: written, at: clock.monotonicNow() };
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!BinnacleError.isInstance(error) || error.code === "closed") throw error;
      return false;
    }
  }

  async #release(): Promise<void> {
    const signal = AbortSignal.timeout(5_000);
    try {
      const view = await this.#record.read(signal);
      if (view?.holder === this.#settings.identity) await this.#record.write(view, "", signal);
    } catch {
      // The Lease expires by itself.
    }
  }
}
