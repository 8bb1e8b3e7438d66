import { ConfigurationError } from "@binnacle/core";
import { createEjector, type Ejector, type EndpointStatus } from "@binnacle/core/kit";
import type { PoolSettings, ReplicaSettings } from "../pool-options.ts";
import type { ReplicaStatus } from "../pool-status.ts";
import type { Ticket } from "../queue/ticket.ts";
import { chooseReplica } from "./choose-replica.ts";
import { Lane, type LaneEvents } from "./lane.ts";
import { Replica } from "./replica.ts";

/** Options of {@link ReplicaSet}. */
export interface ReplicaSetOptions<Driver> {
  /** Name of the pool's factory, for messages. */
  readonly label: string;
  readonly settings: PoolSettings;
  readonly events: LaneEvents<Driver>;
  /** Called when a slot may be free without the end of a call. */
  readonly onSlot: () => void;
}

const usualShare = 0.05;
const credentials = /:\/\/[^\s/?#]*@/;

/** The replicas of a pool. Knows which of them may take a call, and opens lanes to them. */
export class ReplicaSet<Driver> {
  readonly #options: ReplicaSetOptions<Driver>;
  readonly #ejector: Ejector;
  #replicas: readonly Replica<Driver>[] = [];
  #draining: readonly Replica<Driver>[] = [];
  #usualCost: number | undefined;

  constructor(options: ReplicaSetOptions<Driver>) {
    const { ejection, maxEjectedShare, clock } = options.settings;
    this.#options = options;
    this.#ejector = createEjector({
      consecutiveFailures: 3,
      ...ejection,
      endpoints: [],
      maxEjectedShare,
      clock,
    });
  }

  /** The replicas that are not draining. */
  get all(): readonly Replica<Driver>[] {
    return this.#replicas;
  }

  get isPanic(): boolean {
    return this.#ejector.candidates().isPanic;
  }

  /** True if some replica has a free slot now. {@link eligible} tells which calls it may take. */
  get hasRoom(): boolean {
    const free = this.#replicas.filter(({ hasFreeSlot, pausedMs }) => hasFreeSlot && pausedMs === 0);
    if (free.length === 0) return false;
    const { endpoints } = this.#ejector.candidates();
    return free.some(({ name }) => endpoints.includes(name));
  }

  add(settings: ReplicaSettings<Driver>): Replica<Driver> {
    const { label } = this.#options;
    // Not part of the schema, whose error holds the value.
    if (credentials.test(settings.name))
      throw new ConfigurationError(
        `${label}: replicas: name: a name has the credentials of a URL, and names appear in logs; leave out the part before the @`,
      );
    if ([...this.#replicas, ...this.#draining].some(({ name }) => name === settings.name))
      throw new ConfigurationError(
        `${label}: replicas: the name "${settings.name}" is in use; give each replica its own name`,
      );
    const replica = new Replica(settings, this.#options.settings.clock, this.#options.onSlot);
    this.#set([...this.#replicas, replica]);
    return replica;
  }

  /** Gives a replica no further calls. Returns it, or undefined if the name is unknown. */
  startDraining(name: string): Replica<Driver> | undefined {
    const replica = this.#replicas.find((other) => other.name === name);
    if (replica === undefined) return this.#draining.find((other) => other.name === name);
    replica.isDraining = true;
    this.#draining = [...this.#draining, replica];
    this.#set(this.#replicas.filter((other) => other !== replica));
    return replica;
  }

  forget(replica: Replica<Driver>): void {
    this.#draining = this.#draining.filter((other) => other !== replica);
  }

  status(): readonly ReplicaStatus[] {
    const health = new Map(this.#ejector.status().map((status) => [status.endpoint, status]));
    return [...this.#replicas, ...this.#draining].map((replica) => replica.status(health.get(replica.name)));
  }

  /** Returns the state of each replica that is not available. */
  out(): readonly EndpointStatus[] {
    return this.#ejector.status().filter(({ state }) => state !== "available");
  }

  /** Returns true if failures have taken the replica out, and others are left. */
  isLost(name: string): boolean {
    return !this.isPanic && this.out().some(({ endpoint }) => endpoint === name);
  }

  /** Starts a trial call to a replica whose ejection is over. Undefined if a trial already runs. */
  beginProbe(name: string): ReturnType<Ejector["begin"]> {
    return this.#ejector.begin(name);
  }

  /** Returns the replicas that could take this call, now or once they have a free slot. */
  eligible(ticket: Ticket): readonly Replica<Driver>[] {
    const serving = this.serving(ticket).filter(
      ({ name, pausedMs }) => !ticket.tried.has(name) && pausedMs === 0,
    );
    const { endpoints } = this.#ejector.candidates();
    const out = new Set(this.out().map(({ endpoint }) => endpoint));
    const working = serving.filter(({ name }) => !out.has(name));
    const available = heardOf(working);
    // A replica that is being probed gets calls only if no other is left. In a panic the ejector offers all.
    return available.length > 0 ? available : serving.filter(({ name }) => endpoints.includes(name));
  }

  /** Returns the replicas that have the model of a call. */
  serving(ticket: Ticket): readonly Replica<Driver>[] {
    return this.#replicas.filter(({ settings }) => ticket.isServedBy(settings));
  }

  /** Opens a lane for a call, if a replica has a free slot. */
  open(ticket: Ticket): Lane<Driver> | undefined {
    const replica = this.#choose(ticket);
    const endpoint = replica === undefined ? undefined : this.#ejector.begin(replica.name);
    if (replica === undefined || endpoint === undefined) return undefined;
    const { clock } = this.#options.settings;
    if (ticket.isMeasured) this.#countCost(ticket);
    return new Lane({
      replica,
      endpoint,
      cost: ticket.cost,
      size: this.sizeOf(ticket),
      clock,
      events: this.#options.events,
    });
  }

  /** Returns the factor by which a call is larger than usual. Half of a latency does not depend on the size. */
  sizeOf({ inputCost }: Ticket): number {
    const usual = this.#usualCost ?? inputCost;
    return (1 + inputCost / usual) / 2;
  }

  #countCost({ inputCost }: Ticket): void {
    const usual = (this.#usualCost ??= inputCost);
    this.#usualCost = usual + (inputCost - usual) * usualShare;
  }

  #choose(ticket: Ticket): Replica<Driver> | undefined {
    const { affinityLoad, random } = this.#options.settings;
    const eligible = this.eligible(ticket);
    const tiers = [...new Set(eligible.map(({ settings }) => settings.tier))].toSorted((a, b) => a - b);
    for (const tier of tiers) {
      const replicas = eligible.filter(({ settings }) => settings.tier === tier);
      const chosen = chooseReplica(replicas, { ...ticket, affinityLoad, random });
      if (chosen !== undefined) return chosen;
    }
    return undefined;
  }

  #set(replicas: readonly Replica<Driver>[]): void {
    this.#replicas = replicas;
    this.#ejector.setEndpoints(replicas.map(({ name }) => name));
  }
}

/** Returns the replicas that have answered. All replicas while none has. */
function heardOf<R extends { readonly isSilent: boolean }>(replicas: readonly R[]): readonly R[] {
  const heard = replicas.filter(({ isSilent }) => !isSilent);
  return heard.length > 0 ? heard : replicas;
}
