import { ConfigurationError, type CallOptions, type Embedder } from "@binnacle/core";
import { createSingleFlight, type SingleFlight } from "@binnacle/core/kit";
import type { PoolSettings } from "./pool-options.ts";
import type { Replica } from "./replicas/replica.ts";
import type { ReplicaSet } from "./replicas/replica-set.ts";

/** Options of {@link ReplicaSpaces}. */
export interface ReplicaSpacesOptions {
  /** Name of the pool's factory, for messages. */
  readonly label: string;
  readonly replicas: ReplicaSet<Embedder>;
  readonly settings: PoolSettings;
}

/** Compares the vector spaces of an embedder pool's replicas. After a difference it asks them again. */
export class ReplicaSpaces {
  readonly #options: ReplicaSpacesOptions;
  /** The space of each replica that has answered. */
  readonly #spaces = new Map<string, string>();
  readonly #asking = new Set<string>();
  readonly #flights: SingleFlight<void>;

  constructor(options: ReplicaSpacesOptions) {
    this.#options = options;
    this.#flights = createSingleFlight(options.label);
  }

  /** The space of the pool, or undefined before the first answer. */
  get current(): string | undefined {
    return this.#known()[0]?.[1];
  }

  /** Records the space of an answer. */
  note(name: string, spaceId: string): void {
    this.#spaces.set(name, spaceId);
  }

  /** Resolves if all replicas have the space of an answer. Throws a `ConfigurationError` if not. */
  async confirm(spaceId: string, options: CallOptions): Promise<void> {
    if (this.#other() === undefined) return;
    await this.settle(options);
    const now = this.current ?? spaceId;
    if (now !== spaceId)
      throw this.#difference(`the answer has the space "${spaceId}", the replicas "${now}"`);
  }

  /** Resolves if no difference is known. Otherwise asks all replicas, and throws if they still differ. */
  async settle(options: CallOptions): Promise<void> {
    if (this.#other() === undefined) return;
    const { signal, deadlineAt } = options;
    await this.#flights.run("spaces", (shared) => this.#askAll(shared), { signal, deadlineAt });
    this.#assertOne();
  }

  /** Learns the spaces of the other replicas early, so that a difference does not appear by chance. */
  askOthers(): void {
    for (const replica of this.#options.replicas.all) {
      if (this.#spaces.has(replica.name) || this.#asking.has(replica.name)) continue;
      this.#asking.add(replica.name);
      void this.#ask(replica).then((spaceId) => {
        this.#asking.delete(replica.name);
        if (spaceId !== undefined) this.#spaces.set(replica.name, spaceId);
      });
    }
  }

  forget(name: string): void {
    this.#spaces.delete(name);
  }

  /** Throws unless the parts of one result have one space. Returns the space. */
  ofResult(spaceIds: readonly string[]): string {
    const [first = "", second] = new Set(spaceIds);
    if (second !== undefined)
      throw this.#difference(`one answer has the space "${first}", another "${second}"`);
    return first;
  }

  async #askAll(signal: AbortSignal): Promise<void> {
    const asked = this.#options.replicas.all.map(async (replica) => {
      const spaceId = await this.#ask(replica, signal);
      if (spaceId === undefined) this.#spaces.delete(replica.name);
      else this.#spaces.set(replica.name, spaceId);
    });
    await Promise.all(asked);
  }

  /** Returns undefined if the replica does not answer. It is asked again with a later call. */
  async #ask({ settings: { driver } }: Replica<Embedder>, signal?: AbortSignal): Promise<string | undefined> {
    const { clock, probeTimeoutMs } = this.#options.settings;
    try {
      const { space } = await driver.describe({
        signal,
        deadlineAt: clock.now() + probeTimeoutMs,
        maxAttempts: 1,
      });
      return space.id;
    } catch {
      return undefined;
    }
  }

  /** A draining replica takes no further call, so its space no longer matters. */
  #known(): readonly (readonly [string, string])[] {
    return this.#options.replicas.all.flatMap(({ name }) => {
      const spaceId = this.#spaces.get(name);
      return spaceId === undefined ? [] : [[name, spaceId] as const];
    });
  }

  #other(): readonly [string, string] | undefined {
    const [first, ...others] = this.#known();
    return others.find(([, spaceId]) => spaceId !== first?.[1]);
  }

  #assertOne(): void {
    const [first] = this.#known();
    const other = this.#other();
    if (first === undefined || other === undefined) return;
    throw this.#difference(
      `"${first[0]}" embeds into the space "${first[1]}", but "${other[0]}" into "${other[1]}"`,
    );
  }

  #difference(what: string): ConfigurationError {
    return new ConfigurationError(
      `${this.#options.label}: replicas: ${what}. Vectors of two spaces must not be compared. Use one model and the same options for all replicas.`,
      { code: "wrong_space" },
    );
  }
}
